import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { get, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { startExporter } from '../../../src/app/exporter/exporter.ts'
import { listenHttp } from '../../../src/lib/http/listen.ts'
import { atEnd } from '../../support/at-end.ts'
import { tempFolder } from '../../support/temp-folder.ts'

/** `npm run bench siege` has much more of this, and measures it. */
it('answers others while clients are silent, slow and endless, and afterwards', async () => {
  const healthy = await listenHttp((_request, response) => response.end('ok'), { host: '127.0.0.1', port: 0 })
  atEnd(() => healthy.stop())
  const configFile = join(await tempFolder(), 'targets.yml')
  await writeFile(configFile, `targets: [{ name: shop, url: "${healthy.url}" }]`)
  const exporter = await startExporter(
    { configFile, listenAddress: { host: '127.0.0.1', port: 0 } },
    { log: pino({ level: 'silent' }) },
  )
  atEnd(() => exporter.stop())
  const port = Number(new URL(exporter.url).port)

  /** Sends something once there is a connection, and again whenever there is room, if it shall. */
  const attack = (from: string, first: string, again = ''): Socket => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from }).on('error', () => undefined)
    if (first !== '') socket.write(first)
    const more = (): void => {
      while (!socket.destroyed && socket.write(again));
    }
    if (again !== '') socket.on('drain', more).once('connect', more)
    return socket.resume()
  }
  const post = (path: string): string =>
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`
  const sockets = [
    ...Array.from({ length: 200 }, () => attack('127.0.0.3', '')),
    ...Array.from({ length: 50 }, () => attack('127.0.0.4', 'GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')),
    ...['/api/v1/calls', '/v1/traces', '/api/v1/heartbeat/shop', '/'].flatMap((path) =>
      Array.from({ length: 2 }, () => attack('127.0.0.5', post(path), `4000\r\n${'x'.repeat(0x4000)}\r\n`)),
    ),
  ]
  atEnd(() => {
    for (const socket of sockets) socket.destroy()
  })
  for (const socket of sockets) if (socket.connecting) await once(socket, 'connect')

  const probe = async (): Promise<string> => {
    const asked = get(`${exporter.url}/probe?target=shop`, { agent: false, localAddress: '127.0.0.2' })
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    return (await response.setEncoding('utf8').toArray()).join('')
  }
  for (let n = 0; n < 5; n++) expect(await probe()).toMatch(/^probe_success\S* 1$/m)
  for (const socket of sockets) socket.destroy()
  expect(await probe()).toMatch(/^probe_success\S* 1$/m)
})
