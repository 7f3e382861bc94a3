import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runProbe } from '../../../../src/checks/run.ts'
import { loadConfig } from '../../../../src/config/load/load.ts'
import type { Config } from '../../../../src/config/config.ts'
import { atEnd } from '../../../support/at-end.ts'
import { answer } from '../../../support/servers/faults.ts'
import { startFaultServer } from '../../../support/servers/fault-server.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

const order = JSON.stringify({ required: ['id'], properties: { id: { type: 'integer' } } })

async function load(targets: string, files: Readonly<Record<string, string>> = {}): Promise<Config> {
  const folder = await tempFolder()
  await mkdir(join(folder, 'config/schemas'), { recursive: true })
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  await symlink(join(folder, 'outside.json'), join(folder, 'config/link.json'))
  await writeFile(join(folder, 'config/targets.yml'), `targets:\n${targets}`)
  return loadConfig(join(folder, 'config/targets.yml'), { env: {} })
}

const target = (url: string, file: string): string =>
  `  - { name: shop, url: "${url}", expect: { json_schema: ${file} } }\n`

describe('expect.json_schema', () => {
  it('fails the check of a body that is not as the schema says, in one request and in a step', async () => {
    const server = await startFaultServer({
      routes: {
        '/good': answer('{"id":7}'),
        '/bad': answer('{"id":"seven"}'),
        '/text': answer('hello'),
      },
    })
    atEnd(() => server.stop())
    const of = async (targets: string) => {
      const { targets: all } = await load(targets, { 'config/schemas/order.json': order })
      return runProbe(all[0]!.check, { timeoutSeconds: 250 })
    }
    const at = (path: string) => of(target(`${server.url}${path}`, 'schemas/order.json'))
    expect(await at('/good')).toMatchObject({ success: true })
    expect((await at('/bad')).failure).toEqual({
      reason: 'body',
      message: 'expected $.id to be a whole number (schemas/order.json), got text',
    })
    expect((await at('/text')).failure).toEqual({
      reason: 'body',
      message: 'expected the body to be JSON, got something else',
    })
    const steps = await of(
      `  - name: shop\n    steps: [{ name: read, url: "${server.url}/bad", expect: { json_schema: schemas/order.json } }]\n`,
    )
    expect(steps.failure?.message).toContain(
      'expected $.id to be a whole number (schemas/order.json), got text',
    )
  })

  it('is a file that is watched, and that a target may do without', async () => {
    const { files, targets } = await load(
      `  - { name: a, url: http://a, module: orders }\n  - { name: b, url: http://b, module: orders, expect: { json_schema: ~ } }\nmodules: { orders: { expect: { json_schema: schemas/order.json } } }\n`,
      { 'config/schemas/order.json': order },
    )
    expect(files).toContainEqual(expect.stringMatching(/config\/schemas\/order\.json$/))
    expect(targets.map(({ check }) => check.kind === 'http' && check.expect.schema?.name)).toEqual([
      'schemas/order.json',
      undefined,
    ])
  })

  it.each([
    ['gone.json', 'the file gone.json cannot be read: no such file'],
    [
      '../outside.json',
      "../outside.json is not in the configuration's folder: write a path that starts there",
    ],
    ['/etc/hostname', "/etc/hostname is not in the configuration's folder: write a path that starts there"],
    ['link.json', 'the file link.json is not in the folder of the configuration'],
    [
      'bad.json',
      'bad.json is not a valid JSON Schema: schema is invalid: data/type must be equal to one of the allowed values',
    ],
    [
      'circle.json',
      'circle.json is not a valid JSON Schema: its references lead in a circle, so that no value could ever be judged',
    ],
    ["''", 'names no file: write one such as schemas/order.json, or ~ to remove an inherited one'],
  ])('refuses %s', async (file, message) => {
    const circle = {
      allOf: [{ $ref: '#/$defs/a' }],
      $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } },
    }
    const files = {
      'outside.json': '{}',
      'config/bad.json': '{"type":"strng"}',
      'config/circle.json': JSON.stringify(circle),
    }
    await expect(load(target('http://a', file), files)).rejects.toThrow(
      `targets[0].expect.json_schema: ${message}`,
    )
  })
})
