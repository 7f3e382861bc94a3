import { beforeAll, expect, it } from 'vitest'
import { basename } from 'node:path'
import { targetDown } from '../../../src/alerts/evaluator/rules/target/down.ts'
import { partOf } from '../../support/proof.ts'
import { aTarget } from '../../support/target.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { testRules } from '../../prometheus/scratch.ts'
import { nameOf, rulesFiles, type ExprTest } from '../../prometheus/shipped.ts'
import { asSeries } from './as-series.ts'
import { play } from './play.ts'
import { firstCheckAt, randomFrom, type Timeline } from './timelines.ts'

/** Seconds between two evaluations. */
const evaluation = 15

/** Failures in a row that make a target down. */
const alertAfter = 3

/** Seconds that are simulated, and the beginning of what chance says: the same on every run. */
const simulated = { length: partOf(3600, 2), seed: 20261127 }

/** Recorded series that TargetDown does not read: they cost time at each step. */
const others = /^probe:(checks|error_ratio|failures):|^probe:(state|hourly)/

/** A target of which this share of the checks fails, each by chance. @param recoverAfter Checks in a row. */
function byChance(interval: number, share: number, recoverAfter = 1): Timeline {
  const random = randomFrom(simulated.seed + interval)
  const checks = Array.from({ length: Math.floor(simulated.length / interval) - 1 }, (_, index) => ({
    at: firstCheckAt + index * interval,
    durationSeconds: 0.125,
    ...(random() < share && { reason: 'status' as const }),
  }))
  const name = `every ${interval}s${recoverAfter > 1 ? `, recovers after ${recoverAfter}` : ''}`
  const target = aTarget({ name, interval, alertAfter: (alertAfter - 0.5) * interval, recoverAfter })
  return { target, checks, gaps: [], length: simulated.length }
}

/**
 * At which evaluations TargetDown is due: a check since the one before was, with those before it, a failure too many; or it was due at
 * the one before, and too few checks have succeeded since the last failure.
 */
function everyCheckCounted({ checks, length, target: { recoverAfter = 1 } }: Timeline): Set<number> {
  const due = new Set<number>()
  let failures = 0
  let passes = 0
  let next = 0
  for (let now = 0; now < length; now += evaluation) {
    let found = false
    for (let check = checks[next]; check && check.at <= now; check = checks[++next]) {
      failures = check.reason ? failures + 1 : 0
      passes = check.reason ? 0 : passes + 1
      found ||= failures >= alertAfter
    }
    const awaited = recoverAfter > 1 && due.has(now - evaluation) && passes < recoverAfter
    if (found || awaited) due.add(now)
  }
  return due
}

/** One question for each stretch in which the alert fires or does not, without leaving out its edges. */
function asked({ target, length }: Timeline, due: ReadonlySet<number>): ExprTest[] {
  const stretches: { firing: boolean; from: number; until: number }[] = []
  for (let at = 0; at < length; at += evaluation) {
    const last = stretches.at(-1)
    if (last?.firing === due.has(at)) last.until = at
    else stretches.push({ firing: due.has(at), from: at, until: at })
  }
  return stretches.map(({ firing, from, until }) => ({
    expr: `sum(count_over_time(ALERTS{alertname="TargetDown",target="${target.name}"}[${until - from + 7}s]))`,
    eval_time: `${until}s`,
    exp_samples: firing ? [{ labels: '{}', value: (until - from) / evaluation + 1 }] : [],
  }))
}

describeWithTool(['promtool'], 'TargetDown of targets that fail by chance, every 1s to 15s', () => {
  let folder: string

  beforeAll(async () => {
    folder = await tempFolder()
  })

  const timelines = [
    ...[1, 2, 3, 5].map((interval) => byChance(interval, 0.2)),
    ...[10, 15].map((interval) => byChance(interval, 0.35)),
    ...[1, 2, 5, 10, 15].map((interval) => byChance(interval, 0.3, interval < 5 ? 8 : 3)),
  ]

  it.each(timelines.map((timeline) => ({ timeline, name: timeline.target.name })))(
    'the evaluator has it when every check counted says so, $name',
    ({ timeline }) => {
      const fired = play(timeline, evaluation, [targetDown]).filter(({ firing }) => firing.has('TargetDown'))
      const due = everyCheckCounted(timeline)
      expect(due.size).toBeGreaterThan(1)
      expect(fired.map(({ at }) => at)).toEqual([...due])
    },
  )

  it('the rules have it at the same evaluations, and at no other', async () => {
    const rules = rulesFiles
      .filter(({ file }) => basename(file) === 'targets.yml')
      .map((file) => ({
        ...file,
        groups: file.groups.map((group) => ({
          ...group,
          rules: group.rules
            .filter((rule) =>
              rule.record === undefined ? rule.alert === 'TargetDown' : !others.test(nameOf(rule)),
            )
            .map((rule) => ({ ...rule, annotations: {} })),
        })),
      }))
    const tests = {
      file: 'by-chance.test.yml',
      rule_files: ['../rules/targets.yml'],
      evaluation_interval: `${evaluation}s`,
      group_eval_order: ['probity:targets'],
      tests: [
        {
          name: 'by chance',
          interval: '1s',
          input_series: timelines.flatMap((timeline) => asSeries(timeline, 1)),
          promql_expr_test: timelines.flatMap((timeline) => asked(timeline, everyCheckCounted(timeline))),
        },
      ],
    }
    const { passed, output } = await testRules({ rules, tests }, folder)
    expect(passed ? '' : output.slice(0, 4000)).toBe('')
  }, 300_000)
})
