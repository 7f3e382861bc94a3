import { inSlices } from '../../lib/time/slices.ts'
import type { Target } from '../../config/target/target.ts'
import type { LimitKey } from '../evaluator/rules/condition.ts'
import { allRules } from '../evaluator/rules/index.ts'
import type { Examined } from '../evaluator/examined.ts'
import type { AlertRule } from '../evaluator/rules/rule.ts'
import type { PastCheck } from '../replay/past-check.ts'
import { playedRules, startReplay } from '../replay/replay.ts'
import { lookAhead } from './ahead.ts'
import { explainRules, newestOf } from './explain.ts'
import type { Channels, Explanation, RuleExplanation } from './explanation.ts'

export interface ExplainOptions {
  readonly target: Target
  /** All whose checks there are: those that it depends on, and those that show whether the network of the prober is down. */
  readonly targets: readonly Target[]
  readonly location: string
  /** In the order in which they ended, all before `at`. Those of a former name are of its target. */
  readonly checks: readonly PastCheck[]
  /** Unix seconds. */
  readonly at: number
  /** Seconds to look ahead. Default: a day. */
  readonly horizon?: number
  /** Default: it is not known who is notified. */
  readonly channels?: Channels | undefined
  /** Where a limit was written. Default: not known. */
  readonly originOf?: (key: LimitKey) => string | undefined
  /** The rules that the checks say enough about. Default: those that a stored check decides. */
  readonly rules?: readonly AlertRule[]
  /** What the process that decides the alerts looks at now, which is more than the checks say. Default: it is not asked. */
  readonly live?: Examined | undefined
}

const day = 86_400

/** Explains the alerts of a target at one location from the checks that were made. */
export async function explainPast(options: ExplainOptions): Promise<Explanation> {
  const { target, targets, location, checks, at, horizon = day, channels, live } = options
  const { rules = playedRules, originOf = () => undefined } = options
  let decided: (now: number) => void = () => undefined
  const replay = startReplay(targets, location, {
    rules,
    exact: true,
    decided(now) {
      decided(now)
    },
  })
  const names = new Map(
    targets.flatMap((one) => [one.name, ...(one.was ?? [])].map((name) => [name, one.name])),
  )
  const newest = new Map<string, PastCheck>()
  let count = 0
  let since: number | undefined
  await inSlices(checks, (check) => {
    replay.observe(check)
    const name = names.get(check.target)
    if (name === undefined) return
    newest.set(name, check)
    if (name !== target.name) return
    count++
    since ??= check.at
  })
  replay.finish(at)
  const played = replay.examine(target.name, at)
  const examined = live ?? played
  const answered = new Set((live?.rules ?? rules.map((rule) => ({ rule }))).map(({ rule }) => rule.id))
  const unknown = allRules.targets.filter(({ id }) => !answered.has(id))
  const result = examined && newestOf(examined)
  const base = {
    target: target.name,
    location,
    at,
    checks: count,
    horizon,
    unknown: [...new Set(unknown.map(({ alertname }) => alertname))],
    ...(since !== undefined && { since }),
    ...(result && { newest: result }),
  }
  if (!examined) return { ...base, rules: [], origins: {} }
  const explained = explainRules(examined, location, channels)
  const ahead = await lookAhead({
    replay,
    target,
    targets,
    newest,
    from: at,
    to: at + horizon,
    listen: (listener) => (decided = listener),
  })
  const firing = new Set(played?.rules.flatMap((one) => (one.firing ? one.rule.id : [])))
  const told = explained.map((rule, index) => {
    const id = examined.rules[index]?.rule.id ?? ''
    // What the checks were played to must be where the alert is, or what comes next says nothing.
    const isPlayed = rules.some((one) => one.id === id) && firing.has(id) === (rule.state === 'firing')
    const falls = fallsAt(rule, at)
    if (!isPlayed) return withAhead(rule, falls)
    return withAhead(rule, ahead.get(id) ?? (falls !== undefined && falls > at + horizon ? falls : undefined))
  })
  const keys = new Set(told.flatMap(({ ways }) => ways.flat().flatMap(({ key }) => key ?? [])))
  const origins = Object.fromEntries(
    [...keys].flatMap((key) => {
      const origin = originOf(key)
      return origin === undefined ? [] : [[key, origin]]
    }),
  )
  return { ...base, rules: told, origins }
}

function withAhead(rule: RuleExplanation, changesAt: number | undefined): RuleExplanation {
  if (changesAt === undefined) return rule
  return { ...rule, ...(rule.state === 'firing' ? { endsAt: changesAt } : { beginsAt: changesAt }) }
}

/** When the alert would begin where time alone makes it: the end of a certificate comes nearer by a second each second. */
function fallsAt({ state, ways }: RuleExplanation, at: number): number | undefined {
  const [way = [], ...others] = ways
  const missing = way.filter(({ holds }) => !holds)
  if (state !== 'quiet' || others.length > 0 || !missing.every(({ falls }) => falls)) return undefined
  return at + Math.max(...missing.map(({ value = 0, limit = Infinity }) => value - limit))
}
