import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startProgram } from '../../scripts/stack/process.ts'
import { root } from '../../scripts/stack/shipped-files.ts'
import { atEnd } from '../support/at-end.ts'
import { createCertificate } from '../support/certificates.ts'

const { cert, key } = createCertificate({ name: 'probity.test' })

async function listen(server: Server, scheme: string): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  atEnd(() => server.close())
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/-/healthy`
}

const plain = (listener: RequestListener): Promise<string> => listen(createServer(listener), 'http')
const encrypted = (options: ServerOptions): Promise<string> =>
  listen(
    createTlsServer({ cert, key, ...options }, (_request, response) => void response.end()),
    'https',
  )

/** What the HEALTHCHECK of the image ends with for a server at this address. */
async function exitCode(url: string): Promise<number | null> {
  const program = startProgram('health', process.execPath, [join(root, 'bin/health.cjs')], {
    env: { PROBITY_HEALTH_URL: url },
  })
  return program.exited
}

describe('bin/health.cjs', () => {
  it.each([
    [200, 0],
    [503, 1],
    [404, 1],
  ])('says of a server that answers %i: %i', async (status, code) => {
    expect(await exitCode(await plain((_request, response) => void response.writeHead(status).end()))).toBe(
      code,
    )
  })

  it('says that nothing is healthy where nothing listens', async () => {
    const server = createServer()
    const url = await listen(server, 'http')
    await once(server.close(), 'close')
    expect(await exitCode(url)).toBe(1)
  })

  it('says that a server with a certificate for its own name is healthy', async () => {
    expect(await exitCode(await encrypted({}))).toBe(0)
  })

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'says that a server which wants a client certificate is healthy, with %s',
    async (maxVersion) => {
      const options = { ca: cert, requestCert: true, rejectUnauthorized: true, maxVersion }
      expect(await exitCode(await encrypted(options))).toBe(0)
    },
  )
})
