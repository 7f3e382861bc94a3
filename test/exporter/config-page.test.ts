import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { pino } from 'pino'
import { parse } from 'yaml'
import { startExporter } from '../../src/app/exporter/exporter.ts'
import { atEnd } from '../support/at-end.ts'
import { tempFolder } from '../support/temp-folder.ts'

it('/config shows what is in force: defaults merged in, secrets as they were written, and not what was refused', async () => {
  const configFile = join(await tempFolder(), 'targets.yml')
  await writeFile(
    configFile,
    `
defaults: { interval: 5m }
targets:
  - { name: shop, url: https://shop.example.com/, auth: { bearer: "\${TOKEN}" }, headers: { Cookie: session-4711 } }
  - { name: door, url: "https://me:pass-98765@shop.example.com/" }
  - { name: pay, calls: { host: ^stripe$ }, expect: { max_latency: 250ms }, labels: { team: t } }
`,
  )
  const exporter = await startExporter(
    { configFile, listenAddress: { host: '127.0.0.1', port: 0 } },
    { log: pino({ level: 'silent' }), env: { TOKEN: 'token-98765' } },
  )
  atEnd(() => exporter.stop())
  const config = async (): Promise<string> => (await fetch(`${exporter.url}/config`)).text()
  const text = await config()
  expect(text).not.toMatch(/98765|4711/)
  expect(parse(text)).toMatchObject({
    files: [configFile],
    targets: [{ name: 'shop', interval: '5m', auth: { bearer: '${TOKEN}' } }, { name: 'door' }],
    calls: [
      { name: 'pay', labels: { team: 't' }, calls: { host: '^stripe$' }, expect: { max_latency: '0.25s' } },
    ],
  })
  await writeFile(configFile, 'targets: [{ name: shop }]')
  await exporter.reload().catch(() => undefined)
  expect(await config()).toBe(text)
  await writeFile(configFile, 'targets: []')
  await exporter.reload()
  expect(parse(await config())).toEqual({ files: [configFile], targets: [] })
  const described = (await (await fetch(`${exporter.url}/api/v1/openapi.json`)).json()) as Record<
    string,
    unknown
  >
  expect(described).toMatchObject({ openapi: '3.1.0', servers: [{ url: '../..' }] })
})
