import { phasesText } from '../../checks/shared/phases-text.ts'
import type { ProbeResult } from '../../checks/result.ts'
import type { Target } from '../../config/target/target.ts'
import { redact } from '../../lib/text/redact.ts'
import { cut, oneLine } from '../../lib/text/text.ts'
import type { AlertRule, TargetView } from './rules/rule.ts'

/** Characters of a failure's message that an alert carries. */
const maxSeen = 300

/** What the newest check that failed says about itself, on one line and without secrets. */
function seenOf({ failure }: ProbeResult, { secrets }: Target): string {
  return cut(oneLine(redact(failure?.message ?? '', secrets)), maxSeen)
}

/**
 * A rule whose alerts also say what the newest checks saw. The rules of Prometheus cannot: they know numbers and labels, no
 * messages. The notifier asks the exporter instead.
 */
export function withEvidence(rule: AlertRule): AlertRule {
  return {
    ...rule,
    annotations: (view, value) => {
      const words = rule.annotations(view, value)
      return { ...words, ...evidenceOf(view, words.reason !== undefined) }
    },
  }
}

function evidenceOf(view: TargetView, aboutFailures: boolean): Record<string, string> {
  const { newest, newestFailure, target } = view
  const seen = aboutFailures && newestFailure ? seenOf(newestFailure, target) : ''
  const phases = phasesText(newest?.phases ?? {})
  return { ...(seen !== '' && { seen }), ...(phases !== '' && { phases }) }
}
