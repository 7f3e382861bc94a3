import { describe, expect, it } from 'vitest'
import { essential } from './essential.ts'
import { testsFiles, type TestGroup } from './shipped.ts'

const group = (name: string, minutes: number, ...firing: readonly [string, boolean][]): TestGroup => ({
  name,
  input_series: [],
  alert_rule_test: firing.map(([alertname, fires]) => ({
    eval_time: `${minutes}m`,
    alertname,
    exp_alerts: fires ? [{ exp_labels: {}, exp_annotations: {} }] : [],
  })),
})

describe('the essential tests of rules', () => {
  it('are the shortest in which each alert fires and does not, and none of which others say the same', () => {
    const tests = [
      group('long', 60, ['A', true], ['A', false]),
      group('short', 1, ['A', true]),
      group('shorter', 0.5, ['A', false]),
      group('of another', 90, ['B', true], ['A', true]),
    ]
    expect(essential(tests).map(({ name }) => name)).toEqual(['shorter', 'of another'])
  })

  it('say of every alert what all say', () => {
    const all = testsFiles.flatMap(({ tests }) => tests)
    const said = (tests: readonly TestGroup[]): Set<string> =>
      new Set(
        tests
          .flatMap(({ alert_rule_test: alerts = [] }) => alerts)
          .map(({ alertname, exp_alerts: { length } }) => `${alertname} ${length > 0}`),
      )
    expect(said(essential(all))).toEqual(said(all))
    expect(essential(all).length).toBeLessThan(all.length / 3)
  })
})
