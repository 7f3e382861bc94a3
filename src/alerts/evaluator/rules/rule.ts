import type { Severity } from '../../../config/target/severity.ts'
import type { FailureReason } from '../../../net/failure.ts'
import type { CallTarget } from '../../../config/target/calls.ts'
import type { Target } from '../../../config/target/target.ts'
import type { RateLimitResult } from '../../../checks/http/result.ts'
import type { CredentialResult, ProbeResult } from '../../../checks/result.ts'
import type { Outcomes } from '../checks/outcomes.ts'
import type { Samples } from '../checks/samples.ts'
import type { Turns } from '../checks/turns.ts'
import type { Way } from './condition.ts'

/** What is known of a target when its alerts are decided. Times are unix seconds. */
export interface TargetView {
  readonly target: Target
  readonly now: number
  readonly samples: Samples
  /** Of three days; the samples have only the last hour, or day. */
  readonly outcomes: Outcomes
  readonly turns: Pick<Turns, 'count' | 'falls' | 'down'>
  /** Where the present failures are counted from: one interval before the first of them. */
  readonly lastSuccessAt: number
  /** When a check really succeeded last; absent where none ever did. */
  readonly succeededAt?: number | undefined
  /** Seconds from there to the newest check; 0 where that succeeded. */
  readonly failingFor: number
  /** Whether it fails for as long as makes it down, or has not recovered since. */
  readonly down: boolean
  /** How many checks in a row have succeeded since it was found down, where that is not enough yet. */
  readonly passes?: number | undefined
  /** When it was last found down. */
  readonly lastDownAt: number
  /** When the newest check was made that found it down. */
  readonly foundDownAt: number
  /** Why the newest check failed. */
  readonly reason?: FailureReason | undefined
  /** What the newest check that failed printed; absent where it prints nothing. */
  readonly output?: string | undefined
  /** Absent until something was checked in this process. */
  readonly newest?: ProbeResult | undefined
  /** The newest check of this process that failed. */
  readonly newestFailure?: ProbeResult | undefined
  /** Those that the newest check presented and that end. */
  readonly credentials: readonly CredentialResult[]
  /** When a domain expires, and when the check was made that learnt it last; absent where none did in this process. */
  readonly domain?: { readonly expiresAt: number; readonly at: number } | undefined
  /** What the newest check learnt about a rate limit. */
  readonly rateLimit?: RateLimitResult | undefined
  /** Of the calls to the same target; absent where none are judged. */
  readonly calls?: Pick<CallsView, 'target' | 'fiveMinutes'> | undefined
}

/** What is known of the calls to one target within a window, as Prometheus estimates it: seldom whole numbers. */
export interface CallCounts {
  /** All of them. */
  readonly total: number
  readonly slow: number
  /** Of those that report how they ended. */
  readonly ok: number
  readonly errors: number
}

/** The calls of one version of one caller; each is empty where it is not known. */
export interface VersionCalls {
  readonly caller: string
  readonly version: string
  readonly halfHour: CallCounts
  readonly fiveMinutes: CallCounts
  /** Of its calls of five minutes, and of those of the other versions of its caller, in seconds; undefined without calls. */
  readonly p95: () => number | undefined
  readonly othersP95: () => number | undefined
}

/** How long a target has not been called, and what is usual for it. Seconds in which nobody listened do not count. */
export interface Silence {
  /** Since the last call. */
  readonly seconds: number
  /** The longest silence that ended during the last two days; 0 for none of a minute. */
  readonly longest: number
  /** Calls of the last day. */
  readonly calls: number
  /** Seconds of the last day in which the target was known to be called. */
  readonly known: number
}

/** What is known of the calls to a target when its alerts are decided. */
export interface CallsView {
  readonly target: CallTarget
  /** Unix seconds. */
  readonly now: number
  readonly minute: CallCounts
  readonly ninetySeconds: CallCounts
  readonly fiveMinutes: CallCounts
  /** In whole calls, of those that report how they ended; `error` is the most frequent one, absent where none is known. */
  readonly hour: { readonly ok: number; readonly errors: number; readonly error?: string | undefined }
  /** What alerts say of the last five minutes. */
  readonly details: {
    /** The most frequent error; absent where none is known. */
    readonly error?: { readonly name: string; readonly times: number } | undefined
    /** Seconds; undefined without calls. */
    readonly p95: () => number | undefined
  }
  readonly versions: readonly VersionCalls[]
  /** Absent before the first call. */
  readonly silence?: Silence
  /** Of the probe of the same target; absent where there is none. */
  readonly probe?: Pick<TargetView, 'target' | 'samples'>
}

/** What an alert needs to begin, go on and end, whatever it is decided on. */
export interface Lifecycle {
  /** Unique; where several rules have one `alertname`, they differ in this. */
  readonly id: string
  readonly alertname: string
  /** Absent: the target's own. */
  readonly severity?: Severity
  /** On top of those of the target. Default: none. */
  readonly labels?: Readonly<Record<string, string>>
  /** Seconds for which the condition has to hold before the alert begins. Default: 0. */
  readonly holdsFor?: number
  /** Seconds for which the alert goes on after its condition was last found to hold. */
  readonly keepFiringFor: number
  /** Seconds that it looks back, for a target of this interval. 0: at the newest check only. */
  readonly window: (interval: number) => number
  /** Whether what it looks back at outlives the process. Default: it is lost, so the alert goes on until as much was seen again. */
  readonly remembered?: true
  /** Whether it does not begin while what the target depends on is down. */
  readonly dependent: boolean
  /** The rules that hold its notifications back while they fire: they explain it. */
  readonly heldBackBy: readonly string[]
}

/**
 * One alert, decided for one target. It says in code what prometheus/rules says in PromQL.
 *
 * @typeParam View What it is decided on.
 */
export interface Rule<View> extends Lifecycle {
  /**
   * The value to report, or nothing if the condition does not hold.
   *
   * @param firing Whether the alert fires already: to go on may take less than to begin.
   */
  readonly decide: (view: View, firing: boolean) => number | undefined
  readonly annotations: (view: View, value: number) => Readonly<Record<string, string>>
}

/**
 * When an alert goes on until an evaluation that no check since the one before found the target down: always, as in the rules
 * of Prometheus; only where it has begun again soon after its last end; or never, so that the first success ends it.
 */
export type Lingering = 'always' | 'again' | 'never'

/** An alert about what checks come to. */
export interface AlertRule extends Rule<TargetView> {
  /** Default: never. */
  readonly lingers?: Lingering
  /**
   * What it looks at, for people who ask why: any of these ways is enough. All conditions of one hold exactly where `decide` has
   * a value, which looks at no more than it must.
   */
  readonly conditions: (view: TargetView, firing: boolean) => readonly Way[]
}

/** An alert about calls. */
export type CallsRule = Rule<CallsView>

/** An alert about one version of a caller, told apart by the labels `caller` and `version`. */
export type VersionRule = (of: Pick<VersionCalls, 'caller' | 'version'>) => CallsRule
