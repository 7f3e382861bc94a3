import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { readAnswer, type AnswerEnd } from './answer.ts'
import type { AnswerHead } from './head.ts'
import { requestBytes, type HttpRequest } from './request.ts'

export interface ExchangeOptions {
  /** Ends the exchange; an answer whose status is known by then still counts. */
  readonly signal: AbortSignal
  /** Whether the body is read, for which status. */
  readonly wantsBody: (status: number) => boolean
  /** Bytes of the body that are taken in; the rest is not waited for. */
  readonly maxBodyBytes: number
}

export interface HttpAnswer extends AnswerHead {
  /** Its beginning; empty where it is not wanted. */
  readonly body: Buffer
  /** Whether the answer ended before its head or the body that is wanted did. */
  readonly breaksOff: boolean
}

/** More is not read, and what is there counts: far more than any honest server sends. */
const maxHeadBytes = 256 * 1024

/** What came instead of an answer. */
const noAnswer: Readonly<Partial<Record<AnswerEnd['how'], string>>> = {
  'not HTTP': 'what came is not HTTP',
  'too many in advance': 'only answers in advance (1xx) came',
}

/**
 * Sends a request once a socket is connected, reads the answer as leniently as {@link readAnswer}, and closes the connection:
 * whatever is wrong with an answer touches no other request.
 *
 * @param socket It is connecting.
 * @throws The signal's reason, or what the network says, when there was no status before. TypeError when the request cannot
 * be sent.
 */
export async function exchange(
  socket: Socket,
  request: HttpRequest,
  { signal, wantsBody, maxBodyBytes }: ExchangeOptions,
): Promise<HttpAnswer> {
  let giveUp = (): void => undefined
  try {
    signal.throwIfAborted()
    const bytes = requestBytes(request)
    return await new Promise((resolve, reject) => {
      const chunks: Buffer[] = []
      let length = 0
      let head: AnswerHead | undefined
      let fault: Error | undefined
      const finish = (breaksOff: boolean): void => {
        if (head) resolve({ ...head, body: Buffer.concat(chunks).subarray(0, maxBodyBytes), breaksOff })
      }
      const takeHead = (given: AnswerHead): void => {
        head = given
        if (!wantsBody(given.status)) finish(false)
      }
      const reader = readAnswer({
        maxHeadBytes,
        note: () => undefined,
        onHead: takeHead,
        onData(data) {
          if (length < maxBodyBytes) chunks.push(data)
          length += data.length
          if (length >= maxBodyBytes) finish(false)
        },
        onEnd(end) {
          if (end.how === 'cut' && end.head) takeHead(end.head)
          if (head) finish(end.how !== 'complete')
          else reject(fault ?? new Error(noAnswer[end.how] ?? 'the connection was closed'))
        },
      })
      const fail = (error: Error): void => {
        fault = error
        reader.close(false)
      }
      giveUp = () => {
        fail(signal.reason as Error)
      }
      signal.addEventListener('abort', giveUp)
      // Not before: until then nobody knows who is there.
      socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => socket.write(bytes))
      socket.on('data', reader.push)
      socket.once('end', () => {
        reader.close(true)
      })
      socket.on('error', fail)
      socket.once('close', () => {
        reader.close(false)
      })
    })
  } finally {
    signal.removeEventListener('abort', giveUp)
    socket.destroy()
  }
}
