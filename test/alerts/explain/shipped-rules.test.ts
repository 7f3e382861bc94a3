import { basename } from 'node:path'
import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { testRules } from '../../prometheus/scratch.ts'
import { rulesFiles, type ExprTest } from '../../prometheus/shipped.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { partOf } from '../../support/proof.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { asSeries } from '../evaluator/as-series.ts'
import type { Timeline } from '../evaluator/timelines.ts'
import { explained, situations, type Situation } from './situations.ts'

const horizon = 900
const step = 5
const evaluation = 15

/** What they do when each check comes to the same as the newest one goes on until something else is seen. */
const lasting = new Set(['TargetDown', 'TargetSlow', 'CertificateExpiring'])

/** The story as it goes on if each check comes to the same as the newest one. */
function goesOn({ timeline, at }: Situation, index: number): Timeline {
  const past = timeline.checks.filter((check) => check.at + check.durationSeconds <= at)
  const last = past.at(-1)!
  const { interval } = timeline.target
  const coming = Array.from({ length: Math.ceil((horizon + 300) / interval) }, (_, check) => ({
    ...last,
    at: last.at + (check + 1) * interval,
  }))
  const target = { ...timeline.target, name: `t${index}` }
  return { ...timeline, target, checks: [...past, ...coming], length: at + horizon + 120 }
}

/** Whether the alerts fire then, as questions to Prometheus, a little away from where they change. */
async function questions(situation: Situation, index: number): Promise<ExprTest[]> {
  const now = await explained(situation, horizon)
  const before = await explained({ ...situation, at: situation.at - 30 }, 60)
  return now.rules.flatMap((rule, each) => {
    const { alertname, severity, state, beginsAt, endsAt = Infinity } = rule
    if (alertname === 'TargetBudgetBurnSlow') return []
    const fires = (at: number, firing: boolean): ExprTest => ({
      expr: `count(ALERTS{alertname="${alertname}",severity="${severity}",alertstate="firing",target="t${index}"})`,
      eval_time: `${Math.round(at / evaluation) * evaluation}s`,
      exp_samples: firing ? [{ labels: '{}', value: 1 }] : [],
    })
    const firing = state === 'firing'
    const isSteady = (before.rules[each]?.state === 'firing') === firing
    const soon = Math.min(beginsAt ?? Infinity, endsAt) < situation.at + 45
    // A certificate may expire in months, which Prometheus would play.
    const begins = !firing && beginsAt !== undefined && beginsAt < situation.at + horizon
    return [
      ...(isSteady && !soon ? [fires(situation.at, firing)] : []),
      ...(begins && !soon ? [fires(beginsAt - 45, false)] : []),
      ...(begins && lasting.has(alertname) ? [fires(beginsAt + 45, true)] : []),
    ]
  })
}

describeWithTool(['promtool'], 'what is explained, and the shipped rules on a real Prometheus', () => {
  let folder: string

  beforeAll(async () => {
    folder = await tempFolder()
  })

  it('are the same, now and when an alert would begin', async () => {
    const shape = { intervals: [30, 60], length: 1800, longestGap: 0 }
    const all = fc.sample(situations(shape), { numRuns: partOf(50, 16), seed: 7 })
    const tests = await Promise.all(all.map(questions))
    const asked = tests.flat()
    for (const samples of [0, 1])
      expect(asked.filter(({ exp_samples: expected }) => expected.length === samples).length).toBeGreaterThan(
        2,
      )
    const rules = rulesFiles
      .filter(({ file }) => file.endsWith('targets.yml'))
      .map((file) => ({
        ...file,
        groups: file.groups.map((group) => ({
          ...group,
          rules: group.rules.map((rule) => ({ ...rule, annotations: {} })),
        })),
      }))
    const { passed, output } = await testRules(
      {
        rules,
        tests: {
          file: 'explained.test.yml',
          rule_files: rules.map(({ file }) => `../rules/${basename(file)}`),
          evaluation_interval: `${evaluation}s`,
          group_eval_order: rules.flatMap((file) => file.groups.map(({ name }) => name)).reverse(),
          tests: all.map((situation, index) => ({
            name: `situation ${index} at ${situation.at}`,
            interval: `${step}s`,
            input_series: asSeries(goesOn(situation, index), step),
            promql_expr_test: tests[index] ?? [],
          })),
        },
      },
      folder,
    )
    if (!passed) throw new Error(output.slice(0, 4000))
  }, 600_000)
})
