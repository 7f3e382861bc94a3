import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { createCertificate } from '../../support/certificates.ts'

export interface Vendor {
  /** Without a slash at the end. */
  readonly url: string
  /** In PEM; empty for plain HTTP. */
  readonly certificate: string
  readonly stop: () => Promise<void>
}

/** How the server behaves on each path. */
const behaviours: Record<string, RequestListener> = {
  '/ok': (_request, response) => response.end('fine'),
  '/slow': (_request, response) => setTimeout(() => response.end('late'), 60),
  '/slow-body': (_request, response) => {
    response.write('first')
    setTimeout(() => response.end('last'), 60)
  },
  '/missing': (_request, response) => response.writeHead(404).end(),
  '/broken': (_request, response) => response.writeHead(503).end('broken'),
  '/moved': (_request, response) => response.writeHead(302, { location: '/ok' }).end(),
  '/hang': () => undefined,
  '/hang-up': (_request, response) => response.destroy(),
  '/endless': (_request, response) => response.write('first'),
  '/cut': (_request, response) => {
    response.writeHead(200, { 'content-length': 100 }).write('first', () => {
      setTimeout(() => response.destroy(), 20)
    })
  },
  '/echo': (request, response) => request.pipe(response),
}

/** A real server for the client's requests. */
export async function startVendor({ tls = false } = {}): Promise<Vendor> {
  const certificate = tls
    ? createCertificate({ name: 'vendor', ip: ['127.0.0.1'], dns: ['localhost'] })
    : undefined
  const handle: RequestListener = (request, response) => {
    const path = request.url?.split('?')[0] ?? ''
    behaviours[path]?.(request, response)
  }
  const server: Server =
    certificate === undefined ? createServer(handle) : createTlsServer(certificate, handle)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    certificate: certificate?.cert ?? '',
    async stop() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** A URL on which nobody listens. */
export async function closedUrl(): Promise<string> {
  const vendor = await startVendor()
  await vendor.stop()
  return vendor.url
}
