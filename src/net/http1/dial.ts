import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls, type SecureContextOptions } from 'node:tls'

/**
 * Begins to connect to the server of a URL. A certificate that does not verify is an error of the socket.
 *
 * @param trust Default: the authorities that Node.js knows, and those of NODE_EXTRA_CA_CERTS.
 * @throws TypeError when the URL is neither http nor https.
 */
export function dial(url: URL, trust: Pick<SecureContextOptions, 'ca'> = {}): Socket {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const port = (standard: number): number => (url.port === '' ? standard : Number(url.port))
  if (url.protocol === 'http:') return connect({ host, port: port(80) })
  if (url.protocol !== 'https:') throw new TypeError('the URL is neither http nor https')
  return connectTls({
    ...trust,
    host,
    port: port(443),
    ALPNProtocols: ['http/1.1'],
    ...(isIP(host) === 0 && { servername: host }),
  })
}
