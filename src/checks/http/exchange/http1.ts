import type { Socket } from 'node:net'
import { ProbeFailure } from '../../../net/failure.ts'
import { readAnswer } from '../../../net/http1/answer.ts'
import type { NoteOddity } from '../../../net/http1/oddity.ts'
import { requestBytes } from '../../../net/http1/request.ts'
import { ChunkQueue } from './chunk-queue.ts'
import { ended, explainEnd, switched, tooLarge, tooManyInformational } from './end.ts'
import { responseHeaders, type ResponseHeaders } from '../headers.ts'
import { invalid, maxHeadBytes, refusals, stranger } from './invalid.ts'
import type { HttpRequest } from './request.ts'

export interface Exchange {
  readonly statusCode: number
  readonly headers: ResponseHeaders
  /** As it was sent, that is, perhaps compressed. Reading it throws ProbeFailure when the connection ends too early. */
  readonly body: AsyncIterable<Buffer>
  /** Milliseconds of the clock when something of it was there; answers in advance (1xx) do not count. */
  readonly firstByteAt: number
  /** Of HTTP, such as 1.1. */
  readonly version: number
}

export interface ExchangeOptions {
  /** Milliseconds from an arbitrary start. */
  readonly monotonic: () => number
  /** Bytes of the body, as it is sent, that are taken in. */
  readonly maxWireBytes: number
  /** Whether the request names its whole URL, as a proxy wants it (RFC 9112, section 3.2.2). */
  readonly wholeUrl: boolean
  /** Called with everything that is odd about the answer, its body included. */
  readonly note: NoteOddity
}

/**
 * Sends a request over a connection that is there already, and waits for the headers of its answer. There is no keep-alive:
 * the next probe should show what a new client would see. What every client reads is read, what a browser or Go refuses is not.
 *
 * @throws ProbeFailure `connect` when the connection ends before any byte of an answer, `protocol` when the answer is
 * not HTTP, `tls` when the peer refuses after the handshake, `internal` when the request cannot be sent.
 */
export async function exchange(
  request: HttpRequest,
  socket: Socket,
  options: ExchangeOptions,
): Promise<Exchange> {
  const { monotonic, maxWireBytes, note } = options
  const bytes = writeOut(request, options)
  return new Promise((resolve, reject) => {
    const queue = new ChunkQueue()
    let first: Buffer | undefined
    let now = 0
    let beganAt: number | undefined
    let wireBytes = 0
    let fault: Error | undefined
    let isOver = false
    const fail = (error: Error): void => {
      if (isOver) return
      isOver = true
      queue.fail(error)
      reject(error)
      socket.destroy()
    }
    const reader = readAnswer({
      maxHeadBytes,
      bodiless: request.method === 'HEAD',
      note(oddity) {
        const refusal = refusals[oddity]
        if (refusal === undefined) note(oddity)
        else fail(invalid(refusal))
      },
      onInformational() {
        beganAt = undefined
      },
      onHead({ status, headers, version }) {
        if (status === 101) fail(switched())
        resolve({
          statusCode: status,
          headers: responseHeaders(headers),
          body: queue,
          firstByteAt: beganAt ?? now,
          version: Number(version),
        })
      },
      onData(data) {
        wireBytes += data.length
        if (wireBytes > maxWireBytes) fail(tooLarge(maxWireBytes))
        else queue.push(data)
      },
      onEnd(end) {
        if (end.how === 'complete') {
          isOver = true
          queue.end()
        } else if (end.how === 'cut')
          fail(fault ? explainEnd(fault, first !== undefined) : ended(undefined, first !== undefined))
        else if (end.how === 'too many in advance') fail(tooManyInformational())
        else fail(end.how === 'invalid' ? invalid(end.why) : stranger(first))
      },
    })
    socket.on('data', (chunk: Buffer) => {
      now = monotonic()
      first ??= chunk
      if (isOver) return
      beganAt ??= now
      reader.push(chunk)
      if (reader.begun) beganAt ??= now
    })
    socket.on('error', (error) => {
      fault = error
      reader.close(false)
    })
    socket.once('end', () => {
      reader.close(true)
    })
    socket.once('close', () => {
      reader.close(false)
    })
    socket.write(bytes)
  })
}

function writeOut(request: HttpRequest, { wholeUrl }: ExchangeOptions): Buffer {
  const { url } = request
  try {
    const target = request.target ?? url.pathname + url.search
    return requestBytes({ ...request, target: wholeUrl ? url.origin + target : target })
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw new ProbeFailure('internal', `the request cannot be sent: ${cause.message}`, { cause })
  }
}
