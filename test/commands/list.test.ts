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
nightly backup             heartbeat  30s    team=ops
charges                    calls
`)
  expect(JSON.parse(await run(folder, 'list', '--json', '--config.file=targets.yml'))).toMatchObject([
    { kind: 'http' },
    { name: 'nightly backup', address: 'nightly backup', labels: { team: 'ops' } },
    { name: 'charges', kind: 'calls' },
  ])
})

it('probity open prints the address where there is no terminal', async () => {
  const folder = await tempFolder()
  expect(await run(folder, 'open')).toBe('http://127.0.0.1:9740/\n')
  expect(await run(folder, 'open', 'nightly backup', '--url', 'http://host:1/')).toBe(
    'http://host:1/targets/nightly%20backup\n',
  )
})
