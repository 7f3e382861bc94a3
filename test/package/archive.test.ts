import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { startProgram } from '../../scripts/stack/process.ts'
import { root } from '../../scripts/stack/shipped-files.ts'
import { atEnd } from '../support/at-end.ts'
import { withDatabase } from '../support/embedded.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'

const run = promisify(execFile)
let folder: string
let probity: string

/** What a user does who has only the archive: an empty folder, and one command. */
beforeAll(async () => {
  folder = await tempFolder()
  const pack = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder]
  const { stdout: archive } = await run('npm', pack, { cwd: root })
  await writeFile(join(folder, 'package.json'), '{ "private": true }')
  const quick = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts']
  await run('npm', ['install', ...quick, `./${archive.trim()}`], { cwd: folder })
  probity = join(folder, 'node_modules/.bin/probity')
})

describe('the archive of npm pack, installed in an empty folder', () => {
  it('brings few packages, and none with an install script', async () => {
    const lock = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { hasInstallScript?: boolean }>
    }
    const packages = Object.entries(lock.packages).filter(([path]) => path !== '')
    expect(packages.length).toBeLessThan(8)
    expect(packages.filter(([, { hasInstallScript }]) => hasInstallScript)).toEqual([])
  })

  it('says what it is, and lays out what it brings', async () => {
    const { stdout } = await run(probity, ['--version'], { cwd: folder })
    expect(stdout).toMatch(/^probity, version \d+\.\d+\.\d+ \(revision: \S+\)\n {2}node version: v\d/)
    await run(probity, ['files', 'parts'], { cwd: folder })
    for (const part of [
      'prometheus/rules/targets.yml',
      'client/package.json',
      'clients/python/pyproject.toml',
      'config/library/stripe.yml',
    ])
      expect(await readFile(join(folder, 'parts', part), 'utf8')).not.toBe('')
  })

  it('runs: from init to the first result on the page', async () => {
    await run(probity, ['init'], { cwd: folder })
    await withDatabase(join(folder, 'data'))
    const targets = join(folder, 'config/targets.yml')
    await writeFile(targets, 'targets: [{ name: nobody listens, tcp: "127.0.0.1:1" }]\n')
    const where = ['--web.listen-address', '127.0.0.1:0', '--calls.listen-address', '127.0.0.1:0']
    const solo = startProgram('solo', probity, ['solo', ...where], {
      cwd: folder,
      env: { PATH: process.env.PATH },
    })
    atEnd(() => solo.stop('SIGKILL'))
    const [, url = ''] = await waitFor(
      'its address',
      () => /"url":"([^"]+)"/.exec(solo.output()) ?? undefined,
    )
    const page = await waitFor('the first result', async () => {
      const text = await (await fetch(url)).text()
      return text.includes('ECONNREFUSED') || text.includes('refused') ? text : undefined
    })
    expect(page).toContain('nobody listens')
    expect(solo.output()).toContain('Alerts go to nobody yet')
    expect((await fetch(`${url}/docs/alerts`)).status).toBe(200)
  })
})
