import { certificateExpiring } from './certificate-expiring.ts'
import type { AlertRule } from './rule.ts'
import { targetDown } from './target-down.ts'
import { targetErrorRateHigh } from './target-error-rate.ts'
import { targetSlow } from './target-slow.ts'

/** Every alert that is decided here; prometheus/rules has them under the same names. A new one is a file and a row. */
export const alertRules: readonly AlertRule[] = [
  targetDown,
  targetErrorRateHigh,
  targetSlow,
  ...certificateExpiring,
]
