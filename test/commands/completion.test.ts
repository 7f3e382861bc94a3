import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { completionScript, shells } from '../../src/app/setup/completion.ts'
import { loadProgram } from '../../src/cli.ts'

const program = await loadProgram()

/** What one bash offers in each of these lines, where its last word is being typed. */
function offeredIn(lines: readonly (readonly string[])[]): string[][] {
  const asked = lines.map((words) => {
    const array = ['probity', ...words].map((word) => `'${word}'`).join(' ')
    return `COMP_WORDS=(${array}); COMP_CWORD=${words.length}; _probity; printf '%s ' "\${COMPREPLY[@]}"; echo`
  })
  const script = [completionScript('bash', program), ...asked].join('\n')
  const output = execFileSync('bash', ['-c', script], { encoding: 'utf8', cwd: '/' })
  return output
    .trim()
    .split('\n')
    .map((line) => line.trim().split(' '))
}

const offered = (...words: readonly string[]): string[] => offeredIn([words])[0]!

describe('probity completion', () => {
  it('knows every command, and the flags of each', () => {
    const names = program.commands.map((command) => command.name())
    expect(offered('')).toEqual(expect.arrayContaining(names))
    const commands = program.commands.filter(({ options }) => options.length > 0)
    const flags = offeredIn(commands.map((command) => [command.name(), '--']))
    for (const [index, command] of commands.entries())
      expect(flags[index]).toEqual(expect.arrayContaining(command.options.map(({ long }) => long)))
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
