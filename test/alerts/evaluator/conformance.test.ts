import { beforeAll, expect, it } from 'vitest'
import { basename } from 'node:path'
import fc from 'fast-check'
import { alertRules } from '../../../src/alerts/evaluator/rules/index.ts'
import type { AlertRule } from '../../../src/alerts/evaluator/rules/rule.ts'
import { testRules } from '../../prometheus/scratch.ts'
import {
  nameOf,
  readBy,
  rulesFiles,
  rulesOf,
  type ExprTest,
  type RulesFile,
  type TestGroup,
} from '../../prometheus/shipped.ts'
import { partOf, proveAll, someOf } from '../../support/proof.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { asSeries } from './as-series.ts'
import { play, type Moment } from './play.ts'
import { dependents, timelines, type Timeline, type TimelineShape } from './timelines.ts'

/** The same stories on every run; another seed finds others. */
const seed = 20261121

interface Suite extends TimelineShape {
  readonly name: string
  /** Stories, where everything is proven. */
  readonly count: number
  /** One story in so many is played in every run. Default: 8. Of suites that take Prometheus long, fewer. */
  readonly share?: number
  /** Seconds between two evaluations. */
  readonly evaluation: number
  /** Seconds that divide every distance between two scrapes. Default: 5. */
  readonly step?: number
  /** Whether each target depends on another one. */
  readonly dependent?: true
}

const suites: readonly Suite[] = [
  { name: 'every 30s', intervals: [30], evaluation: 15, length: 6000, longestGap: 60, count: 62, share: 32 },
  {
    name: 'every 1s to 10s',
    intervals: [1, 2, 5, 10],
    evaluation: 15,
    step: 1,
    length: 1500,
    longestGap: 60,
    count: 30,
  },
  {
    name: 'every 2s to 10s, each depending on another',
    intervals: [2, 5, 10],
    evaluation: 15,
    step: 1,
    length: 1500,
    longestGap: 0,
    count: 12,
    dependent: true,
  },
  { name: 'every 15s', intervals: [15], evaluation: 15, length: 5400, longestGap: 60, count: 32, share: 16 },
  {
    name: 'every 1m to 10m',
    intervals: [60, 120, 240, 600],
    evaluation: 15,
    length: 10_800,
    longestGap: 60,
    count: 40,
    share: 16,
  },
  {
    name: 'every 30s or 1m, each depending on another',
    intervals: [30, 60],
    evaluation: 15,
    length: 3600,
    longestGap: 0,
    count: 20,
    share: 16,
    dependent: true,
  },
  {
    name: 'every 5m to 1h',
    intervals: [300, 900, 1200, 3600],
    evaluation: 300,
    length: 72_000,
    longestGap: 240,
    count: 30,
    share: 12,
  },
]

const stories = ({ count, share = 8, dependent, ...shape }: Suite): Timeline[] =>
  fc
    .sample(dependent ? dependents(shape) : timelines(shape), { numRuns: partOf(count, share), seed })
    .flatMap(({ parent, ...timeline }, index): Timeline[] => {
      const name = `t${index}`
      const named = { ...timeline, target: { ...timeline.target, name } }
      if (parent === undefined) return [named]
      const above = { ...parent, target: { ...parent.target, name: `${name} parent` } }
      return [above, { ...named, parent: above, target: { ...named.target, dependsOn: [above.target.name] } }]
    })

describeWithTool(['promtool'], 'the evaluator and the shipped rules on a real Prometheus', () => {
  let folder: string

  beforeAll(async () => {
    folder = await tempFolder()
  })

  it.each(someOf(suites, 6))(
    'begin and end the same alerts within one evaluation interval of each other: $name',
    async (suite) => {
      const step = suite.step ?? 5
      const all = stories(suite)
      const groups = chunks(all, 20).map((some, index): TestGroup & { readonly interval: string } => ({
        name: `stories ${index}`,
        interval: `${step}s`,
        input_series: some.flatMap((timeline) => asSeries(timeline, step)),
        promql_expr_test: some.flatMap((timeline) => expectations(timeline, suite)),
      }))
      const asserted = groups.flatMap(({ promql_expr_test: tests = [] }) => tests)
      // Otherwise nothing was compared.
      for (const { alertname, severity } of judged(suite).filter((rule) => canFire(rule, suite)))
        expect(
          asserted.filter(
            ({ expr, exp_samples: samples }) =>
              (samples.length > 0 || !proveAll) &&
              expr.includes(`"${alertname}",severity="${severity ?? 'critical'}"`),
          ).length,
        ).toBeGreaterThan(2)
      const rules = rulesNeeded(suite)
      const { passed, output } = await testRules(
        {
          rules,
          tests: {
            file: 'stories.test.yml',
            rule_files: rules.map(({ file }) => `../rules/${basename(file)}`),
            evaluation_interval: `${suite.evaluation}s`,
            group_eval_order: rules.flatMap((file) => file.groups.map(({ name }) => name)).reverse(),
            tests: groups,
          },
        },
        folder,
      )
      if (!passed) throw new Error(output.slice(0, 4000))
    },
    600_000,
  )
})

/** What targets-long.yml alone has. */
const longRules: ReadonlySet<string> = new Set([
  'TargetBudgetBurnSlow',
  'TargetTailSlow',
  'TargetLatencySpike',
])

/** Stories of targets that are checked often are too short for the alerts that look back over days. */
function judged(suite: Suite): readonly AlertRule[] {
  return alertRules.filter(({ id }) => !longRules.has(id) || isLong(suite))
}

function isLong({ intervals }: Suite): boolean {
  return intervals.some((interval) => interval > 240)
}

/** Seven changes in half an hour take eight checks, and a budget that is spent slowly takes most of a day. */
function canFire({ id }: AlertRule, { intervals, length }: Suite): boolean {
  if (id === 'TargetBudgetBurnSlow') return length > 43_200
  // Where the interval is long, these targets are down on most days.
  if (id === 'TargetTailSlow' || id === 'TargetLatencySpike')
    return intervals.some((interval) => interval <= 240)
  return id !== 'TargetFlapping' || intervals.some((interval) => interval <= 240)
}

/** Seconds that the alerts look back whose `window` is only the part that ends them. */
const looksBackOver: Readonly<Record<string, number>> = {
  TargetBudgetBurnFast: 6 * 3600,
  TargetBudgetBurnSlow: 3 * 86_400,
}

/** What the evaluator says of one alert of one story, as questions to Prometheus that leave out one evaluation at each edge. */
function expectations(timeline: Timeline, suite: Suite): ExprTest[] {
  const { evaluation } = suite
  const moments = play(timeline, evaluation)
  return judged(suite).flatMap((rule) => {
    const tests: ExprTest[] = []
    for (const run of runsOf(moments, rule, timeline, evaluation)) {
      const inner = run.moments.slice(1, -1)
      const [first, last] = [inner[0], inner.at(-1)]
      if (!first || !last) continue
      const seconds = last.at - first.at + Math.floor(evaluation / 2)
      tests.push({
        expr: `sum(count_over_time(ALERTS{alertname="${rule.alertname}",severity="${rule.severity ?? timeline.target.severity}",alertstate="firing",target="${timeline.target.name}"}[${seconds}s]))`,
        eval_time: `${last.at}s`,
        exp_samples: run.firing ? [{ labels: '{}', value: inner.length }] : [],
      })
    }
    return tests
  })
}

interface Run {
  readonly firing: boolean
  readonly moments: readonly Moment[]
}

/** Stretches in which an alert fires, or does not, without a gap between two moments. */
function runsOf(moments: readonly Moment[], rule: AlertRule, timeline: Timeline, evaluation: number): Run[] {
  const runs: { firing: boolean; moments: Moment[] }[] = []
  for (const moment of moments) {
    if (isUnknown(moment.at, rule, timeline)) continue
    const firing = moment.firing.has(rule.id)
    const run = runs.at(-1)
    const follows = run?.moments.at(-1)?.at === moment.at - evaluation
    if (run && follows && run.firing === firing) run.moments.push(moment)
    else runs.push({ firing, moments: [moment] })
  }
  return runs
}

/**
 * A process that was gone has lost the checks that an alert looks back at, and holds the alert until it has made as many;
 * Prometheus has not. Of TargetDown nothing is lost.
 */
function isUnknown(
  at: number,
  { id, window, keepFiringFor }: AlertRule,
  { gaps, target }: Timeline,
): boolean {
  const looksBack = looksBackOver[id] ?? window(target.interval)
  return (
    looksBack > 0 &&
    gaps.some(
      ({ until, restart }) =>
        restart && at >= until && at < until + looksBack + keepFiringFor + target.interval,
    )
  )
}

/** The shipped rules for these alerts and what they read, without their words: those cost queries at every step. */
function rulesNeeded(suite: Suite): RulesFile[] {
  const all = rulesFiles.flatMap(rulesOf)
  const longs = isLong(suite)
  const needed = new Set(judged(suite).map(({ alertname }) => alertname))
  for (let before = -1; before !== needed.size;) {
    before = needed.size
    for (const rule of all)
      if (needed.has(nameOf(rule))) for (const name of readBy({ ...rule, annotations: {} })) needed.add(name)
  }
  return rulesFiles
    .filter(({ file }) => file.endsWith('targets.yml') || (longs && file.endsWith('targets-long.yml')))
    .map((file) => ({
      ...file,
      groups: file.groups.map((group) => ({
        ...group,
        rules: group.rules
          .filter((rule) => needed.has(nameOf(rule)))
          .map((rule) => ({ ...rule, annotations: {} })),
      })),
    }))
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}
