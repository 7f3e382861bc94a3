import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import type { TailedCall } from '../../calls/tail.ts'
import { messageOf, ProbityError } from '../../lib/errors.ts'

export interface TailOptions {
  /** The exporter's. */
  readonly url: string
  /** A token of scope read. Default: the exporter wants none. */
  readonly token?: string
  readonly show: 'all' | 'matched' | 'unmatched'
  readonly write: (text: string) => void
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly signal?: AbortSignal
}

/**
 * Prints calls as an exporter receives them, until it ends or the signal is given.
 *
 * @throws ProbityError `CALLS_UNAVAILABLE` when the exporter does not answer, or refuses.
 */
export async function tailCalls({ url, token, show, write, now, signal }: TailOptions): Promise<void> {
  const address = `${url.replace(/\/$/, '')}/api/v1/calls/tail`
  const response = await fetch(address, {
    ...(signal && { signal }),
    ...(token !== undefined && { headers: { Authorization: `Bearer ${token}` } }),
  }).catch((cause: unknown) => {
    const reason = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause
    const message = `no exporter answers at ${url}: ${messageOf(reason)}; set its address with --url`
    throw new ProbityError('CALLS_UNAVAILABLE', message, { cause })
  })
  if (!response.ok || response.body === null) {
    const words = (await response.text()).trim()
    throw new ProbityError('CALLS_UNAVAILABLE', `${address} answered ${response.status}: ${words}`)
  }
  const body = Readable.fromWeb(response.body)
  // A stream that breaks off is an exporter that has gone.
  body.on('error', () => undefined)
  for await (const line of createInterface({ input: body })) {
    const call = JSON.parse(line) as TailedCall
    if (show === 'all' || (show === 'matched') === (call.target !== undefined)) write(format(call, now()))
  }
}

function format(call: TailedCall, now: number): string {
  const time = new Date(now).toISOString().slice(11, 23)
  const what = call.operation === '' ? `${call.method} ${call.host} ${call.path}` : call.operation
  const words = [
    (call.target ?? '-').padEnd(20),
    what,
    `${call.milliseconds.toFixed(1)} ms`,
    call.outcome,
    call.status === undefined ? undefined : String(call.status),
    call.error,
    call.caller,
    call.version,
  ].filter((word) => word !== undefined && word !== '')
  const suggestion = call.suggestion === undefined ? '' : `${' '.repeat(14)}${call.suggestion}\n`
  return `${time}  ${words.join(' ')}\n${suggestion}`
}
