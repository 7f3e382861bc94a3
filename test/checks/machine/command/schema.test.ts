import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../../../src/settings/errors.ts'
import { parse, parseTarget } from '../../../support/parse-config.ts'

const command = (...lines: string[]): string =>
  ['targets:', '  - name: disk', ...lines.map((line) => `    ${line}`)].join('\n')

function mistakes(text: string): string {
  try {
    parse(text)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return ''
}

describe('a target with command:', () => {
  it('has a program and its arguments, or a script', () => {
    expect(parseTarget(command('command: [df, -h, ""]'))).toMatchObject({
      instance: 'disk',
      check: { kind: 'command', command: ['df', '-h', ''], env: {} },
      expect: { maxLatency: Infinity },
    })
    expect(parseTarget(command('command: df -h | grep 9')).check).toMatchObject({ command: 'df -h | grep 9' })
  })

  it('expands the environment in a list and never in a script', () => {
    const env = { TOKEN: 'tok-12345' }
    const list = parseTarget(command('command: [curl, "${TOKEN}"]', 'env: { A: "x${TOKEN}" }'), { env })
    expect(list.check).toMatchObject({ command: ['curl', 'tok-12345'], env: { A: 'xtok-12345' } })
    expect(list.secrets).toContain('tok-12345')
    expect(JSON.stringify(list.shown)).not.toContain('tok-12345')
    const script = parseTarget(command("command: 'echo ${TOKEN} ${x:-${y}} $${z} ${'"), { env })
    expect(script.check).toMatchObject({ command: 'echo ${TOKEN} ${x:-${y}} $${z} ${' })
    expect(script.secrets).toEqual([])
  })

  it('does not show what the names of its variables call secret', () => {
    const { shown, secrets } = parseTarget(
      command('command: "true"', 'env: { API_TOKEN: literal-1, MODE: fast }'),
    )
    expect(shown).toMatchObject({ env: { API_TOKEN: '<secret>', MODE: 'fast' } })
    expect(secrets).toEqual(['literal-1'])
  })

  it('inherits folder, user and variables, of which it takes away what it does not want', () => {
    const config = parse(`
defaults: { cwd: /srv, user: nobody, env: { A: a, B: b }, method: POST }
targets:
  - { name: one, command: [x], env: { B: ~, C: c } }
  - { name: two, command: [x], cwd: ~, user: ~ }
`)
    expect(config.target('one')?.check).toEqual({
      kind: 'command',
      command: ['x'],
      cwd: '/srv',
      user: 'nobody',
      env: { A: 'a', C: 'c' },
    })
    expect(config.target('two')?.check).not.toHaveProperty('cwd')
    expect(config.target('two')?.check).not.toHaveProperty('user')
  })

  it.each([
    ['an empty list', 'command: []', '3:14 targets[0].command: has no program'],
    ['an empty text', 'command: " "', '3:14 targets[0].command: is empty'],
    ['a number', 'command: 7', '3:14 targets[0].command: expected text, got a number: put it in quotes'],
    [
      'a variable with a bad name',
      'command: x\n    env: { a-b: c }',
      'is not a valid environment variable name',
    ],
    [
      'a method',
      'command: x\n    method: GET',
      '4:13 targets[0].method: has no effect with command: remove it',
    ],
    [
      'an expected status',
      'command: x\n    expect: { status: 200 }',
      'targets[0].expect.status: has no effect with command: remove it',
    ],
    ['a URL', 'command: x\n    url: http://a', 'has more than one check: keep one of url, command'],
  ])('is refused with %s', (_name, line, words) => {
    expect(mistakes(command(line))).toContain(words)
  })

  it('is refused in defaults and in modules, where nobody would look for it', () => {
    expect(mistakes('defaults: { command: [x] }\ntargets: []')).toContain('defaults.command: unknown key')
    expect(mistakes('modules: { m: { command: [x] } }\ntargets: []')).toContain(
      'modules.m.command: unknown key',
    )
  })

  it('cannot be made of a URL that somebody asks for', () => {
    const config = parse('targets: []\nmodules: { m: { user: root } }\nprobe: { allow: [".*"] }')
    expect(config.adHoc('http://a.example.com/', 'm').check.kind).toBe('http')
    expect(() => config.adHoc('[rm, -rf]', undefined)).toThrow('is not a URL')
  })

  it('does not let a URL have its keys', () => {
    expect(mistakes('targets: [{ name: a, url: "http://a", user: root }]')).toContain(
      'targets[0].user: has no effect with url: remove it',
    )
  })
})
