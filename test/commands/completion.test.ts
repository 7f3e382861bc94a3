import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { completionScript, shells } from '../../src/app/setup/completion.ts'
import { loadProgram } from '../../src/cli.ts'

const program = await loadProgram()

/** What bash offers where the last of these words is being typed. */
function offered(...words: readonly string[]): string[] {
  const array = ['probity', ...words].map((word) => `'${word}'`).join(' ')
  const ask = `COMP_WORDS=(${array}); COMP_CWORD=${words.length}; _probity; printf '%s\\n' "\${COMPREPLY[@]}"`
  const script = `${completionScript('bash', program)}\n${ask}`
  return execFileSync('bash', ['-c', script], { encoding: 'utf8', cwd: '/' }).trim().split('\n')
}

describe('probity completion', () => {
  it('knows every command, and the flags of each', () => {
    const names = program.commands.map((command) => command.name())
    expect(offered('')).toEqual(expect.arrayContaining(names))
    for (const command of program.commands.filter(({ options }) => options.length > 0))
      expect(offered(command.name(), '--')).toEqual(
        expect.arrayContaining(command.options.map(({ long }) => long)),
      )
  })

  it('knows the commands of a command, and completes what was begun', () => {
    expect(offered('token', '')).toEqual(['create', 'list', 'revoke'])
    expect(offered('token', 'create', '--sc')).toEqual(['--scope'])
    expect(offered('so')).toEqual(['solo'])
  })

  it('falls back to files', () => {
    expect(offered('check', 'et')).toEqual(['etc'])
  })

  it.each(shells)('describes %s', (shell) => {
    const script = completionScript(shell, program)
    expect(script).toContain('web.listen-address')
    expect(script).not.toMatch(/undefined|\[object/)
  })
})
