import { writeFile } from 'node:fs/promises'
import { connect as connectTo } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pino } from 'pino'
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js'
import { startExporter } from '../../src/app/exporter/exporter.ts'
import { startSolo } from '../../src/app/solo/solo.ts'
import { addToken } from '../../src/tokens/edit.ts'
import { sample } from '../calls/support/calls.ts'
import { protobuf, stable } from '../calls/support/spans.ts'
import { users } from '../access/support/services.ts'
import { createCertificate } from '../support/certificates.ts'
import { tempFolder } from '../support/temp-folder.ts'

const listenAddress = { host: '127.0.0.1', port: 0 }
const dependencies = { log: pino({ level: 'silent' }), env: {}, stdout: { write: () => true } }
const options = (folder: string) => ({
  configFile: join(folder, 'targets.yml'),
  listenAddress,
  otlpGrpcAddress: listenAddress,
  tokens: { file: join(folder, 'tokens.jsonl'), optional: true },
})

const services = [
  ['exporter', (folder: string, more = {}) => startExporter({ ...options(folder), ...more }, dependencies)],
  [
    'solo',
    (folder: string, more = {}) =>
      startSolo({ ...options(folder), ...more, storagePath: folder }, dependencies),
  ],
] as const

async function exportSpans(url: string, token?: string, ca?: string): Promise<number> {
  const secure = ca === undefined ? credentials.createInsecure() : credentials.createSsl(Buffer.from(ca))
  const client = new Client(new URL(url).host, secure)
  const metadata = new Metadata()
  if (token !== undefined) metadata.set('authorization', `Bearer ${token}`)
  const pass = (bytes: Buffer): Buffer => bytes
  const spans = Buffer.from(protobuf({ 'service.name': 'shop' }, [{ attributes: stable }]))
  const path = '/opentelemetry.proto.collector.trace.v1.TraceService/Export'
  try {
    return await new Promise((resolve) => {
      client.makeUnaryRequest(path, pass, pass, spans, metadata, (error: ServiceError | null) => {
        resolve(error?.code ?? 0)
      })
    })
  } finally {
    client.close()
  }
}

describe.each(services)('spans over gRPC, received by %s', (_name, start) => {
  it('are counted, if the token is right, until it stops', async () => {
    const folder = await tempFolder()
    await writeFile(
      join(folder, 'targets.yml'),
      'targets: [{ name: pay, calls: { host: api.stripe.com } }]\n',
    )
    const token = await addToken(join(folder, 'tokens.jsonl'), { name: 'shop', scopes: ['calls'], now: 0 })
    const service = await start(folder)
    const url = service.otlpGrpcUrl ?? ''
    try {
      expect([
        await exportSpans(url),
        await exportSpans(url, `${token}x`),
        await exportSpans(url, token),
      ]).toEqual([16, 16, 0])
      const text = await (await fetch(`${service.url}/metrics`)).text()
      const counted = 'api_call_duration_seconds_count{target="pay",caller="shop",version="",outcome="ok"}'
      expect(sample(text, counted)).toBe(1)
    } finally {
      await service.stop()
    }
    const [error] = (await once(connectTo(Number(new URL(url).port), '127.0.0.1'), 'error')) as [Error]
    expect(error).toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('are encrypted as the pages are, and asked for a token', async () => {
    const folder = await tempFolder()
    const authority = createCertificate({ name: 'Test authority', isAuthority: true })
    const { cert, key } = createCertificate({ name: 'server', ip: ['127.0.0.1'], issuer: authority })
    const webConfigFile = join(folder, 'web.yml')
    const files = {
      'server.pem': cert,
      'server.key': key,
      'web.yml': `tls_server_config: { cert_file: server.pem, key_file: server.key }\n${users}`,
      'targets.yml': 'targets: []\n',
    }
    for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text)
    const token = await addToken(join(folder, 'tokens.jsonl'), { name: 'shop', scopes: ['calls'], now: 0 })
    const service = await start(folder, { webConfigFile })
    const url = service.otlpGrpcUrl ?? ''
    try {
      expect(url).toMatch(/^https:/)
      expect([
        await exportSpans(url, token, authority.cert),
        await exportSpans(url, undefined, authority.cert),
        // Without TLS nobody is there.
        await exportSpans(url, token),
      ]).toEqual([0, 16, 14])
    } finally {
      await service.stop()
    }
  })
})
