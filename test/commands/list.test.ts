import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { root } from '../../scripts/stack/shipped-files.ts'
import { tempFolder } from '../support/temp-folder.ts'

const config = `targets:
  - https://shop.example.com/
  - { name: nightly backup, heartbeat: 1d, labels: { team: ops } }
  - { name: charges, calls: { host: pay.example } }
  - { name: old, url: "http://old.example/", enabled: false }
`

async function run(cwd: string, ...args: readonly string[]): Promise<string> {
  const program = join(root, 'bin/probity.cjs')
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], { cwd })
  return stdout
}

it('probity list has a line for each target, or JSON', async () => {
  const folder = await tempFolder()
  await writeFile(join(folder, 'targets.yml'), config)
  expect(await run(folder, 'list', 'targets.yml')).toBe(`https://shop.example.com/  http       30s
nightly backup             heartbeat  30s  a call every 1d  team=ops
old                        http       30s  http://old.example/  paused
charges                    calls           calls of host pay.example
`)
  expect(JSON.parse(await run(folder, 'list', '--json', '--config.file=targets.yml'))).toMatchObject([
    { kind: 'http' },
    { name: 'nightly backup', address: 'nightly backup', labels: { team: 'ops' } },
    { name: 'old', paused: true },
    { name: 'charges', kind: 'calls' },
  ])
})

it('probity list and check ask for what is discovered with --discover only', async () => {
  const folder = await tempFolder()
  const template = { name: '{__address__}', url: 'https://{__address__}/' }
  const sources = [{ name: 'hosts', file_sd: 'hosts.json', template }]
  await writeFile(join(folder, 'targets.yml'), JSON.stringify({ targets_from: sources }))
  const note = 'not asked: --discover asks which targets it lists'
  expect(await run(folder, 'list', 'targets.yml')).toBe(`hosts  targets_from      ${note}\n`)
  expect(await run(folder, 'check', 'targets.yml')).toContain(`  note: hosts in targets_from: ${note}\n`)
  await expect(run(folder, 'check', '--discover', 'targets.yml')).rejects.toThrow(
    /SOURCE_UNREACHABLE|the source of targets "hosts" cannot be used: .*hosts\.json cannot be read: no such file/,
  )
  await writeFile(join(folder, 'hosts.json'), JSON.stringify([{ targets: ['a.example.com', 'b c'] }]))
  expect(await run(folder, 'list', '--discover', 'targets.yml')).toMatch(
    /^a\.example\.com +http +30s +https:\/\/a\.example\.com\/\nhosts +targets_from +1 target, 1 of 2 of hosts are skipped: "b c": url: /,
  )
  expect(await run(folder, 'check', '--discover', 'targets.yml')).toMatch(
    /valid, 1 target,.*\n +a\.example\.com .*\nwarning: targets_from: 1 of 2 of hosts are skipped: "b c": url: /,
  )
})

it('probity open prints the address where there is no terminal', async () => {
  const folder = await tempFolder()
  expect(await run(folder, 'open')).toBe('http://127.0.0.1:9740/\n')
  expect(await run(folder, 'open', 'nightly backup', '--url', 'http://host:1/')).toBe(
    'http://host:1/targets/nightly%20backup\n',
  )
})
