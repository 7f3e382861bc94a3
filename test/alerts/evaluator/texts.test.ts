import { expect, it } from 'vitest'
import fc from 'fast-check'
import { alertRules } from '../../../src/alerts/evaluator/rules/index.ts'
import { targetLabels } from '../../../src/config/target/labels.ts'
import { testRules } from '../../prometheus/scratch.ts'
import { rulesFiles, type AlertTest, type TestGroup } from '../../prometheus/shipped.ts'
import { partOf, proveAll } from '../../support/proof.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { asSeries } from './as-series.ts'
import { play } from './play.ts'
import { timelines, type Timeline, type TimelineShape } from './timelines.ts'

interface Suite extends TimelineShape {
  /** Seconds between two evaluations. */
  readonly evaluation: number
  readonly count: number
}

const suites: readonly Suite[] = [
  { intervals: [15, 30], length: 4800, longestGap: 10, evaluation: 15, count: 20 },
  { intervals: [600, 900], length: 57_600, longestGap: 10, evaluation: 300, count: 20 },
]

/** At the first moment at which the condition holds: what Prometheus says of each alert of one story. */
function expectations(timeline: Timeline, evaluation: number): AlertTest[] {
  const moments = play(timeline, evaluation)
  const { target } = timeline
  const names = [...new Set(alertRules.map(({ alertname }) => alertname))]
  return names.flatMap((alertname): AlertTest[] => {
    const rules = alertRules.filter((rule) => rule.alertname === alertname)
    const moment = moments.find(({ holds }) => rules.some(({ id }) => holds.has(id)))
    if (!moment) return []
    return [
      {
        eval_time: `${moment.at}s`,
        alertname,
        exp_alerts: rules.flatMap(({ id, severity = target.severity }) => {
          const annotations = moment.holds.get(id)
          return annotations === undefined
            ? []
            : [{ exp_labels: { ...targetLabels(target, 'here'), severity }, exp_annotations: annotations }]
        }),
      },
    ]
  })
}

describeWithTool(['promtool'], 'the words and labels of an alert', () => {
  it.each(suites)(
    'are those of the shipped rules, to the letter, where the interval is one of $intervals',
    async (suite) => {
      const stories = fc
        .sample(timelines(suite), { numRuns: partOf(suite.count, 20), seed: 7 })
        .map((timeline, index) => ({
          ...timeline,
          target: {
            ...timeline.target,
            name: `shop & "co" ${index}?`.replaceAll('"', index % 2 === 0 ? "'" : '*'),
            labels: { team: 'checkout', vendor: 'stripe' },
          },
        }))
      const groups = stories.map((timeline): TestGroup & { readonly interval: string } => ({
        name: timeline.target.name,
        interval: '5s',
        input_series: asSeries(timeline, 5),
        alert_rule_test: expectations(timeline, suite.evaluation),
      }))
      const told = groups.flatMap(({ alert_rule_test: tests = [] }) =>
        tests.map(({ alertname }) => alertname),
      )
      if (proveAll) expect(new Set(told)).toEqual(new Set(alertRules.map(({ alertname }) => alertname)))
      else expect(told.length).toBeGreaterThan(0)
      const folder = await tempFolder()
      const { passed, output } = await testRules(
        {
          rules: rulesFiles.filter(({ file }) => /targets(-long)?\.yml$/.test(file)),
          tests: {
            file: 'texts.test.yml',
            rule_files: ['../rules/targets.yml', '../rules/targets-long.yml'],
            evaluation_interval: `${suite.evaluation}s`,
            group_eval_order: ['probity:targets', 'probity:targets-long'],
            tests: groups,
          },
        },
        folder,
      )
      if (!passed) throw new Error(output.slice(0, 5000))
    },
    300_000,
  )
})
