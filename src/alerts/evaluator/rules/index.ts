import { canaryWorse } from './calls/canary-worse.ts'
import { callsErrorRateHigh } from './calls/error-rate.ts'
import { callsFailingProbeFine } from './calls/failing-probe-fine.ts'
import { probeFailingCallsFine } from './calls/probe-failing-calls-fine.ts'
import { callsMissing } from './calls/missing.ts'
import { callsSlow } from './calls/slow.ts'
import { certificateExpiring } from './certificate-expiring.ts'
import { credentialExpiring } from './credential-expiring.ts'
import { domainExpiring } from './domain-expiring.ts'
import { rateLimitNearlyExhausted } from './rate-limit-nearly-exhausted.ts'
import type { AlertRule, CallsRule, VersionRule } from './rule.ts'
import { targetBudgetBurn } from './target/budget-burn.ts'
import { targetDown } from './target/down.ts'
import { targetErrorRateHigh } from './target/error-rate.ts'
import { targetFlapping } from './target/flapping.ts'
import { targetLatencySpike } from './target/latency-spike.ts'
import { targetSlow } from './target/slow.ts'
import { targetTailSlow } from './target/tail-slow.ts'

/** The alerts about what checks come to; prometheus/rules has them under the same names. A new one is a file and a row. */
export const alertRules: readonly AlertRule[] = [
  targetDown,
  targetErrorRateHigh,
  targetSlow,
  targetTailSlow,
  targetLatencySpike,
  targetFlapping,
  ...targetBudgetBurn,
  ...certificateExpiring,
]

/** The alerts about what checks use up. */
export const limitRules: readonly AlertRule[] = [
  ...credentialExpiring,
  ...domainExpiring,
  rateLimitNearlyExhausted,
]

/** The alerts about calls. */
const callsRules: readonly CallsRule[] = [callsSlow, callsErrorRateHigh, callsFailingProbeFine, callsMissing]

/** The sets that are decided by default. */
export interface Rules {
  readonly targets: readonly AlertRule[]
  readonly calls: readonly CallsRule[]
  readonly versions: readonly VersionRule[]
}

export const allRules: Rules = {
  targets: [...alertRules, ...limitRules, probeFailingCallsFine],
  calls: callsRules,
  versions: [canaryWorse],
}
