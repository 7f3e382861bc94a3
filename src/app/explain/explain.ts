import type { Config } from '../../config/config.ts'
import type { NotifyConfig } from '../../config/notify/notify.ts'
import { isQuiet } from '../../config/notify/quiet-hours.ts'
import { plansFor } from '../../config/notify/routing.ts'
import type { Target } from '../../config/target/target.ts'
import { evaluationSeconds } from '../../alerts/evaluator/due-rules.ts'
import type { Examined } from '../../alerts/evaluator/examined.ts'
import type { LimitKey } from '../../alerts/evaluator/rules/condition.ts'
import type { AlertRule } from '../../alerts/evaluator/rules/rule.ts'
import type { Channels, Explanation } from '../../alerts/explain/explanation.ts'
import { explainPast } from '../../alerts/explain/past.ts'
import { withQuorum } from '../../alerts/explain/quorum.ts'
import type { PastCheck } from '../../alerts/replay/past-check.ts'

/** Where checks that were made come from. */
export interface PastChecks {
  /**
   * Those that began in a range, in any order. Times are unix seconds.
   *
   * @param names Of these targets, as they are stored. Default: of all.
   */
  readonly read: (
    range: { readonly from: number; readonly to: number },
    names?: readonly string[],
  ) => Promise<readonly PastCheck[]>
  /** The rules that they say enough about. Default: those that a stored check decides. */
  readonly rules?: readonly AlertRule[]
  /** The labels of the alerts that another program says are pending or fire at a moment. Default: none decides. */
  readonly says?: (target: string, at: number) => Promise<readonly Readonly<Record<string, string>>[]>
}

export interface ExplainRequest {
  readonly config: Pick<Config, 'targets' | 'originOf'>
  readonly target: Target
  /** Unix seconds. */
  readonly at: number
  /** Seconds to look ahead. Default: a day, and less where there is very much to play. */
  readonly horizon?: number
  /** Default: it is not known who is notified. */
  readonly channels?: Channels | undefined
  /** What the process that decides the alerts looks at now, at its location. Default: it is not asked. */
  readonly live?: { readonly location: string; readonly examined: Examined } | undefined
}

/** Seconds that the rules look back at most, and a little more for the failures of before. */
const lookBack = 3 * 86_400
/** Seconds for which all targets are looked at, to see whether the network of the prober was down. */
const longestWide = 3600
/** What a check fails of on its way to the target. */
const onTheWay = new Set(['dns', 'connect', 'timeout'])

/** Explains the alerts of a target, one explanation for each location that it was checked from. */
export async function explainTarget(request: ExplainRequest, past: PastChecks): Promise<Explanation[]> {
  const { config, target, at, channels, live } = request
  const { originOf } = config
  const { checks, targets } = await checksFor(request, past)
  const locations = new Set(checks.map(({ location }) => location))
  if (live) locations.add(live.location)
  const all: Explanation[] = []
  for (const location of [...locations].sort())
    all.push(
      await explainPast({
        target,
        targets,
        location,
        checks: checks.filter((check) => check.location === location),
        at,
        horizon: request.horizon ?? horizonFor(target, targets.length),
        channels,
        ...(originOf && { originOf: (key: LimitKey) => originOf(target.name, key.split('.')) }),
        ...(past.rules && { rules: past.rules }),
        live: live?.location === location ? live.examined : undefined,
      }),
    )
  const known = withQuorum(
    all.filter(({ newest }) => newest),
    target,
  )
  const said = await past.says?.(target.name, at)
  return said ? known.map((one) => withSaid(one, said)) : known
}

/** Adds what Prometheus says of each alert. */
function withSaid(one: Explanation, said: readonly Readonly<Record<string, string>>[]): Explanation {
  const rules = one.rules.map((rule) => {
    const { alertname, severity, labels } = rule
    const wanted = Object.entries({ ...labels, alertname, severity, location: one.location })
    const alert = said.find((each) => wanted.every(([name, value]) => each[name] === value))
    return { ...rule, prometheus: alert?.alertstate ?? 'inactive' }
  })
  return { ...one, rules }
}

/** Those of the target and of what it depends on; of all others too where the network of the prober may be to blame. */
async function checksFor(
  { config, target, at }: ExplainRequest,
  { read }: PastChecks,
): Promise<{ readonly checks: PastCheck[]; readonly targets: readonly Target[] }> {
  const needed = new Set([target.name, ...(target.dependsOn ?? [])])
  const own = config.targets.filter(({ name }) => needed.has(name))
  const names = own.flatMap(({ name, was = [] }) => [name, ...was])
  const checks = [...(await read({ from: at - lookBack, to: at }, names))]
  const wide = Math.min(longestWide, target.alertAfter + 2 * target.interval + 300)
  const unreachable = checks.some(
    ({ at: began, failure }) => began >= at - wide && failure && onTheWay.has(failure.reason),
  )
  const isOwn = new Set(names)
  if (unreachable) {
    const others = await read({ from: at - wide, to: at })
    checks.push(...others.filter((check) => !isOwn.has(check.target)))
  }
  const ended = checks.filter((check) => endOf(check) <= at)
  ended.sort((a, b) => endOf(a) - endOf(b))
  return { checks: ended, targets: unreachable ? config.targets : own }
}

/** Checks of the target that are played ahead at most, and evaluations of all targets. */
const mostAhead = { checks: 3000, evaluations: 400_000 }

/** Seconds to look ahead: a day, and less where there are very many checks or targets to play; an hour at least. */
function horizonFor({ interval }: Target, targets: number): number {
  const minutes = Math.floor(mostAhead.evaluations / targets / (60 / evaluationSeconds))
  return Math.min(86_400, Math.max(3600, Math.min(minutes * 60, mostAhead.checks * interval)))
}

function endOf({ at, durationSeconds }: PastCheck): number {
  return at + durationSeconds
}

/** Who is notified by a notify.yml at a moment in unix seconds; not the channels that are left out, because what they need is not set. */
export function channelsOf(notify: NotifyConfig, at: number): Channels {
  const usable = new Set(notify.channels.map(({ name }) => name))
  return (labels) =>
    plansFor(notify, labels)
      .filter(({ channel }) => usable.has(channel))
      .map(({ channel, quietHours, after }) => ({
        name: channel,
        ...(after !== undefined && { after }),
        ...(quietHours && isQuiet(quietHours, labels.severity ?? '', at * 1000) && { quiet: true }),
      }))
}
