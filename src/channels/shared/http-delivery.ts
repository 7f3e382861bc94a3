import type { Clock } from '../../lib/time/clock.ts'
import { withDeadline } from '../../lib/time/deadline.ts'
import { codeOf, messageOf } from '../../lib/errors.ts'
import { dial } from '../../net/http1/dial.ts'
import { exchange, type HttpAnswer } from '../../net/http1/exchange.ts'
import type { Header } from '../../net/http1/headers.ts'
import { redact } from '../../lib/text/redact.ts'
import { cut, oneLine } from '../../lib/text/text.ts'
import { version } from '../../lib/version.ts'
import { DeliveryError } from '../channel.ts'
import { maybeTooLong, mayBeTakenLater } from './answers.ts'
import { waitOf } from './wait.ts'

/** One request that delivers something. */
export interface HttpDelivery {
  /** Who is asked, as people call it: `Slack`. */
  readonly peer: string
  readonly url: string
  /** Default POST. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The code that means success. Default: any 2xx. */
  readonly success?: number
  /** Seconds that the other side wants to be left alone where a retry makes sense. Default: what {@link waitOf} finds. */
  readonly retryAfter?: (headers: AnswerHeaders, now: number) => number | undefined
  /**
   * Why a body refuses although the status says success; nothing where it does not. A body that breaks off refuses nothing.
   * Default: bodies of successes are not read.
   */
  readonly refusal?: (body: string) => string | undefined
  /** Bytes of an answer that are read. Default 16 KiB. */
  readonly maxAnswerBytes?: number
  /** What must not be shown: the URL's path, keys, tokens. */
  readonly secrets: readonly string[]
}

export interface HttpDeliveryOptions {
  readonly clock: Clock
  /** Milliseconds for the whole exchange. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** What the other side answered to a request that it took. */
export interface Delivered {
  readonly headers: AnswerHeaders
  /** Its beginning; empty where there is no `refusal` to look at it. */
  readonly body: string
}

/** Headers of an answer, their names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string>>

const usualAnswerBytes = 16 * 1024
const maxShown = 300

/**
 * Makes one attempt, on its own connection. Redirects are not followed. The status line decides: what is odd after it,
 * is missing or does not come in time takes nothing away from it.
 *
 * @throws DeliveryError when the other side did not take it: worth a retry after what `mayBeTakenLater` says and any network error.
 */
export async function deliverHttp(
  delivery: HttpDelivery,
  { clock, timeoutMs, signal }: HttpDeliveryOptions,
): Promise<Delivered> {
  return withDeadline(signal, timeoutMs, async (deadline) => {
    try {
      return judge(delivery, await send(delivery, deadline.signal), clock)
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof DeliveryError) throw error
      const { peer, secrets } = delivery
      const why = deadline.passed() ? ` within ${timeoutMs / 1000} s` : `: ${networkError(error)}`
      throw new DeliveryError(redact(`${peer}: no answer${why}`, secrets), { retry: true })
    }
  })
}

async function send(delivery: HttpDelivery, signal: AbortSignal): Promise<HttpAnswer> {
  const { method = 'POST', headers, body, maxAnswerBytes = usualAnswerBytes } = delivery
  const url = new URL(delivery.url)
  const request = { url, method, headers: { 'user-agent': `Probity/${version}`, ...headers }, body }
  const wantsBody = (status: number): boolean =>
    status >= 200 && (!isTaken(delivery, status) || delivery.refusal !== undefined) && !isRedirect(status)
  return exchange(dial(url), request, { signal, wantsBody, maxBodyBytes: maxAnswerBytes })
}

function judge(delivery: HttpDelivery, answer: HttpAnswer, clock: Clock): Delivered {
  const { peer, secrets, refusal: refuses } = delivery
  const { status, breaksOff } = answer
  const headers = together(answer.headers)
  const body = answer.body.toString('utf8')
  if (isTaken(delivery, status)) {
    const why = refuses?.(body)
    if (why === undefined) return { headers, body }
    throw new DeliveryError(refusal(peer, status, redact(why, secrets)), { retry: false })
  }
  const retry = mayBeTakenLater(status)
  const now = clock.now()
  const retryAfter = delivery.retryAfter ?? ((given) => waitOf(given['retry-after'], body, now))
  const text = redact(`${body}${breaksOff ? ' (the answer is truncated)' : ''}`, secrets)
  throw new DeliveryError(refusal(peer, status, text), {
    retry,
    maybeTooLong: maybeTooLong(status),
    retryAfterSeconds: retry ? retryAfter(headers, now) : undefined,
  })
}

function isTaken({ success }: HttpDelivery, status: number): boolean {
  return success === undefined ? status >= 200 && status < 300 : status === success
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400
}

/** Of `Retry-After` the first one counts: it is not a list (RFC 9110, section 5.3). */
function together(headers: readonly Header[]): Record<string, string> {
  const joined: Record<string, string> = {}
  for (const [name, value] of headers) {
    const before = Object.hasOwn(joined, name) ? joined[name] : undefined
    if (before === undefined) joined[name] = value
    else if (name !== 'retry-after') joined[name] = `${before}, ${value}`
  }
  return joined
}

function refusal(peer: string, status: number, text: string): string {
  if (isRedirect(status)) return `${peer} answered ${status}: redirects are not followed`
  const words = cut(oneLine(text), maxShown)
  return `${peer} answered ${status}${words === '' ? '' : `: ${words}`}`
}

function networkError(error: unknown): string {
  const code = codeOf(error)
  const message = messageOf(error)
  return code === undefined || message.includes(code) ? message : `${message} (${code})`
}
