import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { tempFolder } from '../support/temp-folder.ts'

/** A clone in which npm and node only write down how they were called. */
let clone: string

/** Seconds after the files of the clone were written. */
function put(path: string, at: number, text = ''): void {
  const file = join(clone, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  const time = new Date(Date.UTC(2026, 0, 1, 0, 0, at))
  utimesSync(file, time, time)
}

function start(...args: string[]): { calls: string[]; said: string } {
  put('calls', 0)
  const { stderr } = spawnSync('/bin/sh', [join(clone, 'scripts/start.sh'), ...args], {
    env: { PATH: `${join(clone, 'bin')}:/usr/bin:/bin` },
    encoding: 'utf8',
  })
  return { calls: readFileSync(join(clone, 'calls'), 'utf8').trimEnd().split(/ *\n/), said: stderr }
}

beforeEach(async () => {
  clone = await tempFolder()
  mkdirSync(join(clone, 'bin'))
  for (const program of ['npm', 'node']) {
    put(`bin/${program}`, 0, `#!/bin/sh\necho "${program} $*" >>"${clone}/calls"\n`)
    chmodSync(join(clone, 'bin', program), 0o755)
  }
  mkdirSync(join(clone, 'scripts/build'), { recursive: true })
  cpSync(join(import.meta.dirname, '../../scripts/start.sh'), join(clone, 'scripts/start.sh'))
  for (const file of [
    'src/cli.ts',
    'client/src/index.ts',
    'scripts/build.ts',
    'package.json',
    'package-lock.json',
  ])
    put(file, 1)
})

it('installs and builds on the first start, and says so', () => {
  const { calls, said } = start('--watch')
  expect(calls).toEqual([
    'npm ci --no-audit --no-fund --loglevel=error',
    'npm run --silent build',
    'node bin/probity.cjs solo --watch',
  ])
  expect(said).toBe('Installing packages (once) ...\nBuilding (after each change) ...\n')
})

it('does neither on the next start', () => {
  put('node_modules/.package-lock.json', 2)
  put('dist/.built', 3)
  expect(start()).toEqual({ calls: ['node bin/probity.cjs solo'], said: '' })
})

it('builds when a source was edited, and installs when the packages changed', () => {
  put('node_modules/.package-lock.json', 2)
  put('dist/.built', 3)
  put('src/cli.ts', 4)
  expect(start().calls).toEqual(['npm run --silent build', 'node bin/probity.cjs solo'])
  put('package-lock.json', 5)
  expect(start().calls[0]).toContain('npm ci')
})
