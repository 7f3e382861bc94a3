import type { Socket } from 'node:net'
import { version } from '../../lib/version.ts'
import { ProbeFailure } from '../failure.ts'
import { headReader, type AnswerHead, type HeadState } from '../http1/head.ts'
import type { NoteOddity } from '../http1/oddity.ts'

export interface TunnelOptions {
  /** Where to, as `host:port`. */
  readonly authority: string
  /** The proxy, as it may be shown. */
  readonly proxy: string
  /** The value of `Proxy-Authorization`. */
  readonly authorization: string | undefined
  /** Called with everything that is odd about the answer of the proxy. */
  readonly note: NoteOddity
}

/** Bytes of an answer to CONNECT that are accepted. */
const maxBytes = 1024 * 1024

/**
 * Asks a proxy, over a connection to it, for one to a target (RFC 9110, section 9.3.6). Afterwards the connection is one to the
 * target, of which nothing has been read: an answer ends with its head, whatever that says of a body.
 *
 * @throws ProbeFailure `connect` when the proxy refuses or hangs up, `protocol` when its answer is not HTTP.
 */
export async function openTunnel(socket: Socket, options: TunnelOptions): Promise<void> {
  const { authority, proxy, authorization, note } = options
  const reader = headReader({ maxBytes, note })
  const state = await new Promise<HeadState>((resolve, reject) => {
    const settle = (outcome: HeadState | ProbeFailure): void => {
      socket.off('readable', read)
      socket.off('close', closed)
      socket.off('end', closed)
      if (outcome instanceof ProbeFailure) reject(outcome)
      else resolve(outcome)
    }
    const closed = (): void => {
      settle(new ProbeFailure('connect', `the proxy ${proxy} closed the connection before it answered`))
    }
    const read = (): void => {
      for (;;) {
        const chunk: unknown = socket.read()
        if (!Buffer.isBuffer(chunk)) return
        const reached = reader.push(chunk)
        if (reached === 'unfinished') continue
        settle(reached)
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
  if (state === 'too large') throw new ProbeFailure('protocol', `the answer of the proxy ${proxy} has no end`)
  if (typeof state === 'string')
    throw new ProbeFailure('protocol', `the answer of the proxy ${proxy} is not valid HTTP`)
  judge(state.head, state.rest, options)
}

function judge({ status }: AnswerHead, rest: Buffer, { authority, proxy }: TunnelOptions): void {
  if (status < 200 || status > 299) {
    const hint = status === 407 ? ': it wants other credentials' : ''
    throw new ProbeFailure('connect', `the proxy ${proxy} answered ${status} for ${authority}${hint}`)
  }
  // Neither TLS nor HTTP lets a server speak first.
  if (rest.length > 0) throw new ProbeFailure('protocol', `the proxy ${proxy} sent more than its answer`)
}
