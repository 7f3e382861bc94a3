import type { UndeliveredAnswer } from '../../alerts/delivery/undelivered.ts'
import { messageOf, ProbityError } from '../../lib/errors.ts'
import { plural } from '../../lib/text/text.ts'

/**
 * Asks a running notifier what it has not delivered.
 *
 * @throws ProbityError `NOTIFIER_UNREACHABLE`.
 */
export async function askStatus(url: string, token: string): Promise<UndeliveredAnswer> {
  try {
    const response = await fetch(`${url.replace(/\/+$/, '')}/api/v1/undelivered`, {
      headers: { Authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(10_000),
    })
    if (response.ok) return (await response.json()) as UndeliveredAnswer
    throw new Error(`it answered ${response.status}: ${(await response.text()).slice(0, 200).trim()}`)
  } catch (cause) {
    throw new ProbityError('NOTIFIER_UNREACHABLE', `cannot ask the notifier at ${url}: ${messageOf(cause)}`, {
      cause,
    })
  }
}

/** The answer for a person. */
export function describeStatus({ pending, undelivered }: UndeliveredAnswer): string {
  const lines = [
    `pending: ${pending.length}`,
    ...pending.map(
      ({ channel, recipient, status, alertname, target, since, attempts, error }) =>
        `  ${receiver(channel, recipient)}  ${status}  ${alertname}  ${target}  since ${since}, ${plural(attempts, 'attempt')}${error === undefined ? '' : `: ${error}`}`,
    ),
    `given up: ${undelivered.length}`,
    ...undelivered.map(
      ({ channel, recipient, status, alertname, target, gave_up_at: at = '', error = '' }) =>
        `  ${receiver(channel, recipient)}  ${status}  ${alertname}  ${target}  at ${at}: ${error}`,
    ),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

function receiver(channel: string, recipient: string | undefined): string {
  return recipient === undefined ? channel : `${channel} to ${recipient}`
}
