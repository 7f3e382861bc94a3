import { request, type Dispatcher } from 'undici'
import type { Clock } from '../../lib/time/clock.ts'
import { withDeadline } from '../../lib/time/deadline.ts'
import { codeOf, messageOf } from '../../lib/errors.ts'
import { redact } from '../../lib/text/redact.ts'
import { parseRetryAfter } from '../../lib/http/retry-after.ts'
import { cut, oneLine } from '../../lib/text/text.ts'
import { version } from '../../lib/version.ts'
import { DeliveryError } from '../channel.ts'

/** One request that delivers something. */
export interface HttpDelivery {
  /** Who is asked, as people call it: `Slack`. */
  readonly peer: string
  readonly url: string
  /** Default POST. */
  readonly method?: 'POST' | 'PUT' | 'PATCH'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The code that means success. Default: any 2xx. */
  readonly success?: number
  /** Seconds that the other side wants to be left alone after 429 and 5xx. Default: what `Retry-After` says. */
  readonly retryAfter?: (headers: AnswerHeaders) => number | undefined
  /** What must not be shown: the URL's path, keys, tokens. */
  readonly secrets: readonly string[]
}

export interface HttpDeliveryOptions {
  readonly clock: Clock
  /** Milliseconds for the whole exchange. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** Headers of an answer, their names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string>>

const maxAnswerBytes = 16 * 1024
const maxShown = 300

/**
 * Makes one attempt, on a connection of its own. Redirects are not followed. It is delivered once the head of an answer
 * says so, whatever becomes of the rest.
 *
 * @returns The headers of the answer.
 * @throws DeliveryError when the other side did not take it: worth a retry after 429, 5xx and whatever the network says.
 */
export async function deliverHttp(
  delivery: HttpDelivery,
  { clock, timeoutMs, signal }: HttpDeliveryOptions,
): Promise<AnswerHeaders> {
  return withDeadline(signal, timeoutMs, async (deadline) => {
    try {
      return await exchange(delivery, deadline.signal, clock)
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof DeliveryError) throw error
      const { peer, secrets } = delivery
      const why = deadline.passed() ? ` within ${timeoutMs / 1000} s` : `: ${networkError(error)}`
      throw new DeliveryError(redact(`${peer}: no answer${why}`, secrets), { retry: true })
    }
  })
}

async function exchange(delivery: HttpDelivery, signal: AbortSignal, clock: Clock): Promise<AnswerHeaders> {
  const { peer, url, method = 'POST', headers, body, success, secrets } = delivery
  const response = await request(url, {
    method,
    headers: { 'user-agent': `Probity/${version}`, ...headers },
    body,
    // A connection kept from an earlier notification may have died in the meantime.
    reset: true,
    signal,
  })
  const { statusCode } = response
  const answer = flatten(response.headers)
  if (success === undefined ? statusCode >= 200 && statusCode < 300 : statusCode === success) {
    response.body.on('error', () => undefined).destroy()
    return answer
  }
  const retry = statusCode === 429 || statusCode >= 500
  const retryAfter = delivery.retryAfter ?? ((given) => parseRetryAfter(given['retry-after'], clock.now()))
  const text = redact(await readBounded(response.body), secrets)
  throw new DeliveryError(refusal(peer, statusCode, text), {
    retry,
    retryAfterSeconds: retry ? retryAfter(answer) : undefined,
  })
}

/** What is wrong is in the head; a body that breaks off or is slow to come takes nothing away from that. */
async function readBounded(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of body) {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes >= maxAnswerBytes) break
    }
  } catch {
    chunks.push(Buffer.from(' (the answer breaks off)'))
  }
  return Buffer.concat(chunks).subarray(0, maxAnswerBytes).toString('utf8')
}

function flatten(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  )
}

function refusal(peer: string, statusCode: number, text: string): string {
  if (statusCode >= 300 && statusCode < 400)
    return `${peer} answered ${statusCode}: redirects are not followed`
  const words = cut(oneLine(text), maxShown)
  return `${peer} answered ${statusCode}${words === '' ? '' : `: ${words}`}`
}

function networkError(error: unknown): string {
  const code = codeOf(error)
  const message = messageOf(error)
  return code === undefined || message.includes(code) ? message : `${message} (${code})`
}
