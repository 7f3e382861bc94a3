import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { startExporter } from '../../src/app/exporter/exporter.ts'
import type { Exporter } from '../../src/app/exporter/running.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** Every prober, and a target of this machine for it. */
const targets: Readonly<Record<string, string>> = {
  http: 'http://127.0.0.1:1/',
  tcp: '127.0.0.1:1',
  dns: '127.0.0.1:1',
  icmp: '127.0.0.1',
  grpc: '127.0.0.1:1',
  unix: '/run/none.sock',
  websocket: 'ws://127.0.0.1:1/',
}

/** What a module of a prober has to have. */
const needed: Readonly<Record<string, object>> = { dns: { query_name: 'example.com' } }

const modules: object = {
  ...Object.fromEntries(
    Object.keys(targets).map((prober) => [prober, { prober, [prober]: needed[prober] ?? {} }]),
  ),
  lost: { prober: 'http', http: { enable_http3: true } },
}

describe('what modules of blackbox.yml may probe', () => {
  let exporter: Exporter
  const warnings: string[] = []

  beforeAll(async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, 'blackbox.yml'), JSON.stringify({ modules }))
    const probe = { allow: ['(?:http://|ws://)?127\\.0\\.0\\.1(?::1)?/?', '/run/none\\.sock'] }
    await writeFile(join(folder, 'targets.yml'), JSON.stringify({ modules_from: 'blackbox.yml', probe }))
    const log = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) })
    exporter = await startExporter(
      { configFile: join(folder, 'targets.yml'), listenAddress: { host: '127.0.0.1', port: 0 } },
      { log, env: {} },
    )
  })
  afterAll(() => exporter.stop())

  const ask = async (module: string, target: string): Promise<{ status: number; text: string }> => {
    const response = await fetch(
      `${exporter.url}/probe?${new URLSearchParams({ module, target }).toString()}`,
    )
    return { status: response.status, text: await response.text() }
  }

  it.each(Object.entries(targets))(
    '%s: this machine only where its network is allowed',
    async (module, target) => {
      const { status, text } = await ask(module, target)
      expect(status).toBe(200)
      expect(text).toContain('probe_failure_info{reason="blocked"} 1')
    },
  )

  it('nothing that probe.allow does not have', async () => {
    expect(await ask('tcp', '127.0.0.1:2')).toMatchObject({ status: 404 })
    expect(await ask('http', 'shop.example')).toMatchObject({ status: 404 })
  })

  it('no module that asks for what is not there: 400, and a warning in the log', async () => {
    const { status, text } = await ask('lost', 'http://127.0.0.1:1/')
    expect(status).toBe(400)
    expect(text).toMatch(
      /^module "lost" cannot be used: blackbox\.yml:1:\d+ modules\.lost\.http\.enable_http3: /,
    )
    expect(warnings.filter((line) => line.includes('module \\"lost\\" cannot be used'))).toHaveLength(1)
  })
})
