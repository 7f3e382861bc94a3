import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

/**
 * A copy of the script on a machine of stubs: PATH holds only what the script may run, and each stub writes down how it
 * was called. Never root, so that nothing of the real machine can change.
 */
let machine: string

const calls = (): string[] => readFileSync(join(machine, 'calls'), 'utf8').split('\n').filter(Boolean)

const script = join(import.meta.dirname, '../../scripts/verify.sh')

/** The commands that the script looks for, and the packages that bring them. */
function rows(): { command: string; brought: string }[] {
  const [, table = ''] = /^tools='([^']+)'/m.exec(readFileSync(script, 'utf8')) ?? []
  return table.split('\n').map((row) => {
    const [command = '', brought = ''] = row.split(' ')
    return { command, brought }
  })
}

function stub(name: string, body = 'exit 0'): void {
  const file = join(machine, 'bin', name)
  writeFileSync(file, `#!/bin/sh\necho "${name} $*" >>"${machine}/calls"\n${body}\n`)
  chmodSync(file, 0o755)
}

function runScript(): { status: number | null; lines: string[] } {
  const { status, stdout } = spawnSync('/bin/sh', [join(machine, 'scripts/verify.sh')], {
    env: { PATH: join(machine, 'bin') },
    encoding: 'utf8',
  })
  return { status, lines: stdout.trimEnd().split('\n') }
}

beforeEach(() => {
  machine = mkdtempSync(join(tmpdir(), 'probity-verify-sh-'))
  for (const folder of ['bin', 'scripts', 'node_modules/.bin']) {
    mkdirSync(join(machine, folder), { recursive: true })
  }
  for (const tool of ['dirname', 'sort', 'tr']) symlinkSync(`/usr/bin/${tool}`, join(machine, 'bin', tool))
  cpSync(script, join(machine, 'scripts/verify.sh'))
  writeFileSync(join(machine, 'calls'), '')
  stub('id', 'echo 1000')
  stub('npm')
  for (const tool of [...rows().map(({ command }) => command), 'apt-get', 'sudo']) stub(tool)
  const tsx = join(machine, 'node_modules/.bin/tsx')
  writeFileSync(tsx, '#!/bin/sh\necho "1 passed, 0 failed, 0 skipped"\nexit 7\n')
  chmodSync(tsx, 0o755)
})

afterEach(() => {
  rmSync(machine, { recursive: true })
})

describe('scripts/verify.sh', () => {
  it('leaves apt-get alone when every tool is there, and hands over to verify.ts', () => {
    const { status, lines } = runScript()
    expect(status).toBe(7)
    expect(lines).toEqual(['1 passed, 0 failed, 0 skipped'])
    expect(calls()).toEqual(['npm ci --no-audit --no-fund'])
  })

  it('installs every tool without which a test fails in CI', () => {
    const tests = join(import.meta.dirname, '..')
    const sources = readdirSync(tests, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(tests, file), 'utf8'))
    // Those of a file in which some suites are optional are left out: a pattern cannot tell which.
    const needed = sources
      .filter((source) => !source.includes('optional: true'))
      .flatMap((source) => [...source.matchAll(/describeWithTool\(\s*\[([^\]]+)\]/g)])
      .flatMap(([, list = '']) => [...list.matchAll(/'([^']+)'/g)].map(([, tool]) => tool))
    expect(needed).toContain('promtool')
    // A server may be in a folder that is not on PATH: then another command of its package stands for it.
    const known = new Set(['sh', ...rows().flatMap(({ command, brought }) => [command, brought])])
    expect(needed.filter((tool = '') => !known.has(basename(tool)))).toEqual([])
  })

  it('installs what is missing, each package once', () => {
    for (const tool of ['prometheus', 'promtool', 'amtool', 'pg_ctlcluster'])
      rmSync(join(machine, 'bin', tool))
    runScript()
    expect(calls().filter((call) => call.includes('apt-get'))).toEqual([
      'sudo -n apt-get update -qq',
      'sudo -n env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql prometheus prometheus-alertmanager',
    ])
  })

  it('goes on when the installation fails', () => {
    rmSync(join(machine, 'bin/prometheus'))
    stub('sudo', 'case "$*" in *install*) exit 100 ;; esac')
    expect(runScript().lines.at(-1)).toBe('1 passed, 0 failed, 0 skipped')
  })

  it('prints the command where it may not install, and goes on', () => {
    rmSync(join(machine, 'bin/prometheus'))
    stub('sudo', 'exit 1')
    const { lines } = runScript()
    expect(lines).toContain('  sudo apt-get install -y --no-install-recommends prometheus')
    expect(lines.at(-1)).toBe('1 passed, 0 failed, 0 skipped')
  })

  it('ends with the counts when npm ci fails', () => {
    stub('npm', 'exit 1')
    const { status, lines } = runScript()
    expect(status).toBe(1)
    expect(lines.at(-1)).toBe('0 passed, 1 failed, 0 skipped')
  })
})
