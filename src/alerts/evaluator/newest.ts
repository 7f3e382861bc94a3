import type { ProbeResult } from '../../checks/result.ts'
import { redact } from '../../lib/text/redact.ts'
import { excerpt, plainText } from '../../lib/text/text.ts'
import type { TargetView } from './rules/rule.ts'

const maxOutput = 2000

/** What the rules look at of the newest check of this process, and of its newest that failed. */
export function seenIn(
  newest: ProbeResult | undefined,
  newestFailure: ProbeResult | undefined,
  secrets: readonly string[],
): Pick<TargetView, 'reason' | 'output' | 'newest' | 'newestFailure' | 'credentials' | 'rateLimit'> {
  const { failure, command, credentials = [], rateLimit } = newest ?? {}
  const output = excerpt(plainText(redact(command?.output.trim() ?? '', secrets)), maxOutput)
  return {
    ...(failure && { reason: failure.reason }),
    ...(output !== '' && { output }),
    ...(newest && { newest }),
    ...(newestFailure && { newestFailure }),
    credentials,
    ...(rateLimit && { rateLimit }),
  }
}
