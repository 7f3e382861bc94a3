import type { Peer } from '../../config/notify/notify.ts'
import { messageOf } from '../../lib/errors.ts'
import { readBodyWithin } from '../../lib/http/limited-body.ts'
import { oneLine } from '../../lib/text/text.ts'
import type { PeerMessage } from './message.ts'
import { answerWithinMs } from './peering.ts'

/** Bytes of an answer: as many as a message may have. The URL may be that of something else. */
const mostBytes = 16 * 1024 * 1024

/** Sends a message to the other solo. @returns What it answers. @throws Error when it does not, or refuses. */
export async function askPeer(
  { url, token }: Peer,
  message: PeerMessage,
  signal: AbortSignal,
): Promise<unknown> {
  const response = await fetch(`${url.href.replace(/\/+$/, '')}/api/v1/peer`, {
    method: 'POST',
    redirect: 'error',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(message),
    signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]),
  }).catch((cause: unknown) => {
    const reason = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause
    throw new Error(messageOf(reason), { cause })
  })
  const text = await readBodyWithin(response, mostBytes)
  if (response.ok) return JSON.parse(text)
  throw new Error(`it answered ${response.status}: ${oneLine(text.slice(0, 300))}`)
}
