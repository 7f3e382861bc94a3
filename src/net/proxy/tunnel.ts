import type { Socket } from 'node:net'
import { version } from '../../lib/version.ts'
import { ProbeFailure } from '../failure.ts'

export interface TunnelOptions {
  /** Where to, as `host:port`. */
  readonly authority: string
  /** The proxy, as it may be shown. */
  readonly proxy: string
  /** The value of `Proxy-Authorization`. */
  readonly authorization: string | undefined
}

/** Bytes of an answer to CONNECT that are accepted. */
const maxHead = 16 * 1024

const endOfHead = '\r\n\r\n'

/**
 * Asks a proxy, over a connection to it, for one to a target (RFC 9110, section 9.3.6). Afterwards the connection is one to the
 * target, of which nothing has been read.
 *
 * @throws ProbeFailure `connect` when the proxy refuses or hangs up, `protocol` when its answer is not HTTP.
 */
export async function openTunnel(socket: Socket, options: TunnelOptions): Promise<void> {
  const { authority, proxy, authorization } = options
  const head = await new Promise<Buffer>((resolve, reject) => {
    let received = Buffer.alloc(0)
    const settle = (outcome: Buffer | ProbeFailure): void => {
      socket.off('readable', read)
      socket.off('close', closed)
      socket.off('end', closed)
      if (Buffer.isBuffer(outcome)) resolve(outcome)
      else reject(outcome)
    }
    const closed = (): void => {
      settle(new ProbeFailure('connect', `the proxy ${proxy} closed the connection before it answered`))
    }
    const read = (): void => {
      for (;;) {
        const chunk: unknown = socket.read()
        if (!Buffer.isBuffer(chunk)) return
        received = Buffer.concat([received, chunk])
        if (received.includes(endOfHead)) settle(received)
        else if (received.length > maxHead)
          settle(new ProbeFailure('protocol', `the answer of the proxy ${proxy} has no end`))
        else continue
        return
      }
    }
    socket.on('readable', read)
    socket.once('close', closed)
    socket.once('end', closed)
    socket.write(
      [
        `CONNECT ${authority} HTTP/1.1`,
        `Host: ${authority}`,
        `User-Agent: Probity/${version}`,
        ...(authorization === undefined ? [] : [`Proxy-Authorization: ${authorization}`]),
        '\r\n',
      ].join('\r\n'),
    )
  })
  judge(head.toString('latin1'), options)
}

function judge(head: string, { authority, proxy }: TunnelOptions): void {
  const [, status] = /^HTTP\/1\.[01] (\d{3})(?: |\r)/.exec(head) ?? []
  if (status === undefined)
    throw new ProbeFailure('protocol', `the answer of the proxy ${proxy} is not valid HTTP`)
  if (!status.startsWith('2')) {
    const hint = status === '407' ? ': it wants other credentials' : ''
    throw new ProbeFailure('connect', `the proxy ${proxy} answered ${status} for ${authority}${hint}`)
  }
  // Neither TLS nor HTTP lets a server speak first.
  if (!head.endsWith(endOfHead) || head.indexOf(endOfHead) + endOfHead.length < head.length)
    throw new ProbeFailure('protocol', `the proxy ${proxy} sent more than its answer`)
}
