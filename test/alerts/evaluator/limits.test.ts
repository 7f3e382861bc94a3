import { expect, it } from 'vitest'
import { basename } from 'node:path'
import fc from 'fast-check'
import { Evaluator } from '../../../src/alerts/evaluator/evaluator.ts'
import { limitRules } from '../../../src/alerts/evaluator/rules/index.ts'
import type { AlertRule } from '../../../src/alerts/evaluator/rules/rule.ts'
import { scrapeInterval } from '../../../src/config/target/scrape-interval.ts'
import { targetLabels } from '../../../src/config/target/labels.ts'
import type { Target } from '../../../src/config/target/target.ts'
import type { RateLimitResult } from '../../../src/checks/http/result.ts'
import type { CredentialResult, ProbeResult } from '../../../src/checks/result.ts'
import { testRules } from '../../prometheus/scratch.ts'
import {
  rulesFiles,
  type AlertTest,
  type ExprTest,
  type RulesFile,
  type TestGroup,
} from '../../prometheus/shipped.ts'
import { partOf } from '../../support/proof.ts'
import { aResult, aTarget } from '../../support/target.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { describeWithTool } from '../../support/programs/tools.ts'

/** Seconds between two evaluations. */
const evaluation = 15
/** Seconds of a story. */
const length = 7200
/** Off the grid of evaluations: of a sample at the very edge of a window, Prometheus 2 and 3 think differently. */
const firstAt = 5
/** The same stories on every run; another seed finds others. */
const seed = 20261121

/** What the checks of one target found, one after the other. */
interface Story {
  readonly target: Target
  readonly checks: readonly Check[]
}

interface Check {
  readonly at: number
  readonly credential: CredentialResult
  readonly rateLimit: RateLimitResult
}

/** Tokens that are renewed, or late, or never; limits that run dry, or do not, window after window. */
const stories: fc.Arbitrary<Story> = fc
  .record({
    interval: fc.constantFrom(15, 30, 60, 300),
    name: fc.constantFrom('bearer' as const, 'oauth2' as const),
    lifetime: fc.option(fc.constantFrom(600, 3600, 7200, 80 * 86_400), { freq: 4 }),
    left: fc.integer({ min: 0, max: 4000 }),
    renewed: fc.array(fc.integer({ min: 300, max: length }), { maxLength: 3 }),
    limit: fc.constantFrom(1000, 5000),
    span: fc.constantFrom(1800, 3600, 10_800),
    pacesInTenths: fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 3, maxLength: 8 }),
  })
  .map(({ interval, name, lifetime, left, renewed, limit, span, pacesInTenths }): Story => {
    const checks: Check[] = []
    let remaining = limit / 8
    for (let at = firstAt; at < length; at += interval) {
      const renewal = Math.max(-Infinity, ...renewed.filter((moment) => moment <= at))
      const expiresAt =
        lifetime === null
          ? 7 * 86_400 + left + (renewal > 0 ? renewal : 0)
          : lifetime > length
            ? 7 * 86_400 + left
            : renewal > 0
              ? renewal + lifetime
              : left
      const pace = pacesInTenths[Math.floor((at / length) * pacesInTenths.length)]! / 10
      const isReset = Math.floor(at / span) !== Math.floor((at - interval) / span) && at > interval
      remaining = isReset ? limit : Math.max(0, remaining - Math.round(pace * interval))
      checks.push({
        at,
        credential: { name, expiresAt, ...(lifetime !== null && { lifetimeSeconds: lifetime }) },
        rateLimit: { limit, remaining, resetAt: (Math.floor(at / span) + 1) * span },
      })
    }
    return { target: aTarget({ interval, timeout: interval * 0.9, alertAfter: interval * 2.5 }), checks }
  })

interface Moment {
  readonly at: number
  readonly firing: ReadonlySet<string>
  readonly words: ReadonlyMap<string, Readonly<Record<string, string>>>
}

function resultOf({ at, credential, rateLimit }: Check): ProbeResult {
  return aResult({ startedAt: new Date(at * 1000), credentials: [credential], rateLimit })
}

function play({ target, checks }: Story): Moment[] {
  const words = new Map<string, Readonly<Record<string, string>>>()
  const rules = limitRules.map((rule) => ({
    ...rule,
    decide: (view: Parameters<typeof rule.decide>[0], firing: boolean) => {
      const value = rule.decide(view, firing)
      if (value === undefined) words.delete(rule.id)
      else words.set(rule.id, rule.annotations(view, value))
      return value
    },
  }))
  const evaluator = new Evaluator({ location: 'here', rules: { targets: rules } })
  evaluator.setTargets({ targets: [target] }, 0)
  const waiting = [...checks]
  const moments: Moment[] = []
  for (let at = 0; at < length; at += evaluation) {
    while (waiting[0] && waiting[0].at <= at) {
      const check = waiting.shift()!
      evaluator.observe(target, resultOf(check), check.at, check.at)
    }
    evaluator.tick(at)
    const firing = evaluator.firing().map(({ labels }) => idOf(labels))
    moments.push({ at, firing: new Set(firing), words: new Map(words) })
  }
  return moments
}

function idOf(labels: Readonly<Record<string, string>>): string {
  return limitRules.find(
    (rule) => rule.alertname === labels['alertname'] && rule.labels?.['credential'] === labels['credential'],
  )!.id
}

/** A story as Prometheus would have scraped it. */
function asSeries({ target, checks }: Story): TestGroup['input_series'] {
  const labels = Object.entries(targetLabels(target, 'here')).map(([name, value]) => `${name}="${value}"`)
  const every = scrapeInterval(target.interval)
  const scrapes = Array.from({ length: Math.floor((length - firstAt) / every) }, (_, index) =>
    checks.findLast(({ at }) => at <= firstAt + index * every)!,
  )
  const series = (
    name: string,
    value: (check: Check) => number | undefined,
    extra: readonly string[] = [],
  ) => ({
    series: `${name}{${[...labels, ...extra].join(',')}}`,
    values: `_ ${scrapes.map((check) => `${value(check) ?? '_'} _x${every / firstAt - 1}`).join(' ')}`,
  })
  const credential = [`credential="${checks[0]!.credential.name}"`]
  return [
    series('probe_target_interval_seconds', () => target.interval),
    series('probe_credential_expiry_timestamp_seconds', (check) => check.credential.expiresAt, credential),
    series('probe_credential_lifetime_seconds', (check) => check.credential.lifetimeSeconds, credential),
    series('probe_ratelimit_limit', ({ rateLimit }) => rateLimit.limit),
    series('probe_ratelimit_remaining', ({ rateLimit }) => rateLimit.remaining),
    series('probe_ratelimit_reset_timestamp_seconds', ({ rateLimit }) => rateLimit.resetAt),
  ]
}

/** Stretches in which an alert fires, or does not; their edges, where the two may differ by an evaluation, left out. */
function asked(
  story: Story,
  moments: readonly Moment[],
  { id, alertname, labels = {} }: AlertRule,
): ExprTest[] {
  const runs: Moment[][] = []
  for (const moment of moments) {
    const run = runs.at(-1)
    if (run && run[0]!.firing.has(id) === moment.firing.has(id)) run.push(moment)
    else runs.push([moment])
  }
  return runs.flatMap((run): ExprTest[] => {
    const inner = run.slice(1, -1)
    const [first, last] = [inner[0], inner.at(-1)]
    if (!first || !last) return []
    const seconds = last.at - first.at + Math.floor(evaluation / 2)
    const which = Object.entries({ alertname, ...labels, target: story.target.name, alertstate: 'firing' })
    const matchers = which.map(([name, value]) => `${name}="${value}"`).join(',')
    return [
      {
        expr: `sum(count_over_time(ALERTS{${matchers}}[${seconds}s]))`,
        eval_time: `${last.at}s`,
        exp_samples: first.firing.has(id) ? [{ labels: '{}', value: inner.length }] : [],
      },
    ]
  })
}

/** The words of an alert, at a moment at which it fires and its condition holds. */
function told({ target }: Story, moments: readonly Moment[]): AlertTest[] {
  return [...new Set(limitRules.map(({ alertname }) => alertname))].flatMap((alertname): AlertTest[] => {
    const rules = limitRules.filter((rule) => rule.alertname === alertname)
    const moment = moments.find(({ firing, words }) =>
      rules.some(({ id }) => firing.has(id) && words.has(id)),
    )
    if (!moment) return []
    const firing = rules.filter(({ id }) => moment.firing.has(id))
    return [
      {
        eval_time: `${moment.at}s`,
        alertname,
        exp_alerts: firing.map(({ id, labels }) => ({
          exp_labels: { ...targetLabels(target, 'here'), ...labels, severity: 'warning' },
          exp_annotations: moment.words.get(id) ?? {},
        })),
      },
    ]
  })
}

/** Of what the words cost: each is a query of its own at every step. */
const shipped = rulesFiles.filter(({ file }) => basename(file) === 'credentials.yml')
const wordless = shipped.map((file) => ({
  ...file,
  groups: file.groups.map((group) => ({
    ...group,
    rules: group.rules.map((rule) => ({ ...rule, annotations: {} })),
  })),
}))

async function agree(rules: readonly RulesFile[], groups: readonly TestGroup[]): Promise<void> {
  const tests = {
    file: 'limits.test.yml',
    rule_files: ['../rules/credentials.yml'],
    evaluation_interval: `${evaluation}s`,
    group_eval_order: ['probity:credentials'],
    tests: groups,
  }
  const { passed, output } = await testRules({ rules, tests }, await tempFolder())
  if (!passed) throw new Error(output.slice(0, 4000))
}

function sample(
  count: number,
): { readonly story: Story; readonly moments: readonly Moment[]; readonly group: TestGroup }[] {
  return fc.sample(stories, { numRuns: count, seed }).map((drawn, index) => {
    const story = { ...drawn, target: { ...drawn.target, name: `t${index}` } }
    const group = { name: `story ${index}`, interval: `${firstAt}s`, input_series: asSeries(story) }
    return { story, moments: play(story), group }
  })
}

describeWithTool(['promtool'], 'the evaluator and the shipped rules, of what checks use up', () => {
  it('begin and end the same alerts', async () => {
    const groups = sample(partOf(40, 6)).map(({ story, moments, group }) => ({
      ...group,
      promql_expr_test: limitRules.flatMap((rule) => asked(story, moments, rule)),
    }))
    // Otherwise nothing was compared.
    for (const name of ['CredentialExpiring', 'RateLimitNearlyExhausted']) {
      const firing = groups.flatMap(({ promql_expr_test: tests }) =>
        tests.filter(({ expr, exp_samples: samples }) => expr.includes(name) && samples.length > 0),
      )
      expect(firing.length).toBeGreaterThan(5)
    }
    await agree(wordless, groups)
  })

  it('use the same words', async () => {
    const groups = sample(6).map(({ story, moments, group }) => ({
      ...group,
      alert_rule_test: told(story, moments),
    }))
    const names = groups.flatMap(({ alert_rule_test: tests }) => tests.map(({ alertname }) => alertname))
    expect(new Set(names)).toEqual(new Set(['CredentialExpiring', 'RateLimitNearlyExhausted']))
    await agree(shipped, groups)
  })
})
