import type { Check } from '../../checks/index.ts'
import type { MaintenanceWindow } from './maintenance.ts'
import type { Severity } from './severity.ts'

/** The expectations that every kind of target has; a kind's own (status, body, ...) live in its check. */
export interface Expectation {
  /** Seconds. */
  readonly maxLatency: number
  /** Seconds that at most 1 check in 100 exceeds. Default: no limit. */
  readonly maxLatencyP99?: number
  /** How many times its usual latency is too much. Default: any is fine. */
  readonly latencySpike?: number
  /** 0 to 1. */
  readonly maxErrorRatio: number
  /** 0 to 1: the share of checks that should succeed over 30 days. */
  readonly slo: number
  /** Seconds that a certificate must still be valid. */
  readonly minCertificate: number
}

/** Which addresses may be connected to. */
export interface AddressRule {
  /** CIDRs that may be reached though they are those of the machine itself, of its link, or of the cloud's metadata. */
  readonly allowNetworks: readonly string[]
}

/** One thing that is watched, with everything it inherits already in place. */
export interface Target {
  readonly name: string
  /** The names that it had before, whose past is its own. Default: none. */
  readonly was?: readonly string[]
  /** What stands for the target's address in metrics and pages: never holds userinfo or a query, and no other target has it. */
  readonly instance: string
  /** It is not watched for now: never probed, and none of its alerts fires. Absent: it is. */
  readonly paused?: true
  /** Seconds between two checks. */
  readonly interval: number
  /** Seconds that one check may take; less than the interval. */
  readonly timeout: number
  /** Seconds after which a check that failed is made again, before it counts. Default: it counts at once. */
  readonly retry?: number
  /** Seconds of failing after which the target counts as down: (N - 0.5) x interval for a count N of checks. */
  readonly alertAfter: number
  /** How many locations must find it down before TargetDown begins, or all where there are fewer. Default 1. */
  readonly alertQuorum?: number
  /** How many checks in a row must succeed before a target that is down has recovered. Default 1. */
  readonly recoverAfter?: number
  /** The targets without which it cannot work, and what those depend on in turn. Default: none. */
  readonly dependsOn?: readonly string[]
  /** When it is worked on: none of its alerts begins then. Default: never. */
  readonly maintenance?: readonly MaintenanceWindow[]
  /** The way to it is traced when it begins to fail because nothing answers. Absent: it is not. */
  readonly traceroute?: true
  readonly severity: Severity
  /** The label `job` that Prometheus gives it. Default: that of the job that reads /sd. */
  readonly job?: string
  /** The target's own labels, such as vendor and team. */
  readonly labels: Readonly<Record<string, string>>
  readonly runbook?: string
  readonly expect: Expectation
  readonly check: Check
  /** Which special networks it may reach although a label decides its host. Absent: it may reach whatever is written. */
  readonly guard?: AddressRule
  /**
   * The target as it was written, defaults and module merged in, with `${...}` unexpanded and literal credentials
   * replaced: the form that may be shown.
   */
  readonly shown: Readonly<Record<string, unknown>>
  /** Values that must never be shown: what `${...}` expanded to, and literal credentials. */
  readonly secrets: readonly string[]
}
