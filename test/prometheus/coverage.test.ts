import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { metricNames } from '../../src/metrics/catalogue.ts'
import { alertsNamedIn, metricsOf } from '../support/promql.ts'
import { foreignMetrics } from './foreign-metrics.ts'
import {
  nameOf,
  rulesFiles,
  rulesOf,
  secondsOf,
  testedBy,
  testsFiles,
  type AlertTest,
  type ExpectedAlert,
  type ExprTest,
  type TestGroup,
} from './shipped.ts'

/** An alert without a condition has nothing to wait for and nothing to end it. */
const alwaysFiring = new Set(['Watchdog'])

const rules = rulesFiles.flatMap(rulesOf)
const alertNames = new Set(rules.flatMap(({ alert }) => alert ?? []))
const records = new Set(rules.flatMap(({ record }) => record ?? []))
const groups = testsFiles.flatMap((file) => file.tests)
const alertTests = groups.flatMap(({ alert_rule_test: tests = [] }) => tests)
const exprTests = groups.flatMap(({ promql_expr_test: tests = [] }) => tests)

/** Each alert of each rules file: one that is in two files is to be tested for each. */
const cases = rulesFiles.flatMap((file) => {
  const name = basename(file.file)
  const own = testsFiles.filter((tests) => testedBy(tests) === name).flatMap(({ tests }) => tests)
  return rulesOf(file)
    .filter(({ alert }) => alert !== undefined)
    .map((rule) => ({ title: `${name}: ${nameOf(rule)} ${rule.labels?.severity ?? ''}`, rule, own }))
})

describe('tests of rules', () => {
  it.each(testsFiles.map((file) => ({ ...file, name: basename(file.file) })))(
    '$name: groups in their order, at 15s, for hours at 30s, or at the interval of what is tested; each test has its own name',
    ({ rule_files: paths, group_eval_order: order, evaluation_interval: interval, tests }) => {
      const files = paths.map((path) => rulesFiles.find(({ file }) => basename(file) === basename(path)))
      const ruleGroups = files.flatMap((file) => file?.groups ?? [])
      expect(order).toEqual(ruleGroups.map(({ name }) => name))
      // Half of it is off the grid of whole seconds, where the steps of a subquery see less.
      expect(['15s', '30s', '7500ms', ruleGroups.at(-1)?.interval]).toContain(interval)
      const names = tests.map(({ name }) => name)
      expect(names.filter((name) => !/\S/.test(name))).toEqual([])
      expect(new Set(names).size).toBe(names.length)
    },
  )

  it('exist for every rules file', () => {
    const tested = new Set(testsFiles.map(testedBy))
    expect(rulesFiles.map(({ file }) => basename(file)).filter((name) => !tested.has(name))).toEqual([])
  })

  it.each(cases)(
    '$title: does not fire, fires with labels and annotations, and ends, in one group',
    ({ rule, own }) => {
      const severity = rule.labels?.severity
      const isOfRule = ({ exp_labels: labels }: ExpectedAlert): boolean =>
        severity === undefined || labels.severity === severity
      const fires = ({ exp_alerts: expected }: AlertTest): boolean =>
        expected.some((alert) => isOfRule(alert) && saysEverything(alert))
      const silent = ({ exp_alerts: expected }: AlertTest): boolean => !expected.some(isOfRule)
      const complete = own.some((group) => {
        const timeline = timelineOf(group, nameOf(rule))
        const firing = timeline.findIndex(fires)
        if (firing === -1) return false
        if (alwaysFiring.has(nameOf(rule))) return true
        return timeline.slice(0, firing).some(silent) && timeline.slice(firing).some(silent)
      })
      expect(complete).toBe(true)
    },
  )

  it('name only alerts that exist: promtool finds nothing wrong with others that are expected not to fire', () => {
    const named = [...alertTests.map(({ alertname }) => alertname), ...exprTests.flatMap(alertsNamedBy)]
    expect(named.filter((name) => !alertNames.has(name))).toEqual([])
  })

  it('name only metrics that exist, in what they give and in what they ask', () => {
    const known = new Set([...metricNames(), ...records, ...foreignMetrics])
    const given = groups.flatMap(({ input_series: series }) => series.flatMap((one) => metricsOf(one.series)))
    const asked = exprTests.flatMap(({ expr }) => metricsOf(expr))
    expect([...new Set([...given, ...asked])].filter((metric) => !known.has(metric))).toEqual([])
  })

  it('ask only for alerts by name, so that they cannot pass by asking for nothing', () => {
    const anonymous = exprTests.filter(
      (test) => metricsOf(test.expr).includes('ALERTS') && alertsNamedBy(test).length === 0,
    )
    expect(anonymous.map(({ expr }) => expr)).toEqual([])
  })
})

/** The assertions of a group about an alert, in the order of time. */
function timelineOf({ alert_rule_test: tests = [] }: TestGroup, alertname: string): AlertTest[] {
  return tests
    .filter((test) => test.alertname === alertname)
    .sort((a, b) => secondsOf(a.eval_time) - secondsOf(b.eval_time))
}

function saysEverything({ exp_labels: labels, exp_annotations: annotations }: ExpectedAlert): boolean {
  return (
    Object.keys(labels).length > 0 &&
    ['summary', 'description', 'runbook_url', 'dashboard_url'].every(
      (name) => annotations[name] !== undefined,
    )
  )
}

function alertsNamedBy({ expr, exp_samples: samples }: ExprTest): string[] {
  return [expr, ...samples.map(({ labels }) => labels)].flatMap(alertsNamedIn)
}
