import type { ProbeResult } from '../../../checks/result.ts'
import { redact } from '../../../lib/text/redact.ts'
import { excerpt, plainText } from '../../../lib/text/text.ts'
import type { TargetView } from '../rules/rule.ts'

const maxOutput = 2000

/** What the rules look at of the newest check of this process, and of its newest that failed. */
export type Seen = Pick<
  TargetView,
  'reason' | 'output' | 'newest' | 'newestFailure' | 'credentials' | 'rateLimit'
>

export function seenIn(
  newest: ProbeResult | undefined,
  newestFailure: ProbeResult | undefined,
  secrets: readonly string[],
): Seen {
  const { failure, command, credentials = [], rateLimit } = newest ?? {}
  const printed = command?.output.trim() ?? ''
  return {
    reason: failure?.reason,
    output: printed === '' ? undefined : excerpt(plainText(redact(printed, secrets)), maxOutput),
    newest,
    newestFailure,
    credentials,
    rateLimit,
  }
}
