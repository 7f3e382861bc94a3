import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { pino } from 'pino'
import { startExporter } from '../../src/app/exporter/exporter.ts'
import { sample } from '../calls/support/calls.ts'
import { tempFolder } from '../support/temp-folder.ts'

const program = join(import.meta.dirname, '../calls/programs/opentelemetry.ts')

/** A URL where nothing listens any more. */
async function nobody(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return `http://127.0.0.1:${port}`
}

it('a program that is instrumented with OpenTelemetry shows up as calls', async () => {
  const vendor = createServer((request, response) => {
    response.writeHead(request.url === '/v1/fails' ? 503 : 200).end('{}')
  }).listen(0, '127.0.0.1')
  await once(vendor, 'listening')
  const vendorUrl = `http://127.0.0.1:${(vendor.address() as AddressInfo).port}`
  const file = join(await tempFolder(), 'targets.yml')
  await writeFile(
    file,
    String.raw`targets: [{ name: charges, calls: { host: ^127\.0\.0\.1$, path: ^/v1/ } }]`,
  )
  const exporter = await startExporter(
    { configFile: file, listenAddress: { host: '127.0.0.1', port: 0 } },
    { log: pino({ level: 'silent' }), env: {} },
  )
  try {
    const urls = ['/v1/charges?key=secret', '/v1/fails', '/v1/charges', '/other'].map(
      (path) => vendorUrl + path,
    )
    urls.push(`${await nobody()}/v1/charges`)
    await promisify(execFile)(process.execPath, ['--import', 'tsx', program, ...urls], {
      timeout: 60_000,
      env: {
        ...process.env,
        OTEL_EXPORTER_OTLP_ENDPOINT: exporter.url,
        OTEL_SERVICE_NAME: 'shop',
        OTEL_RESOURCE_ATTRIBUTES: 'service.version=1.4.2',
        OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      },
    })
    const text = await (await fetch(`${exporter.url}/metrics`)).text()
    const labels = 'target="charges",caller="shop",version="1.4.2"'
    expect(sample(text, `api_call_duration_seconds_count{${labels},outcome="ok"}`)).toBe(2)
    expect(sample(text, `api_call_duration_seconds_count{${labels},outcome="error"}`)).toBe(2)
    expect(sample(text, 'api_calls_unmatched_total{host="127.0.0.1"}')).toBe(1)
    expect(sample(text, 'api_call_messages_total{protocol="otlp",result="accepted"}')).toBe(5)
    expect(text).not.toContain('secret')
  } finally {
    await exporter.stop()
    vendor.close()
    vendor.closeAllConnections()
  }
})
