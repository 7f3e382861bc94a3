import { describe, expect, it } from 'vitest'
import { inParts } from './prune.ts'
import type { Rule, RulesFile, TestsFile } from './shipped.ts'
import { withVariants } from './variants.ts'

const original: Rule = { alert: 'Late', expr: 'late > 1', annotations: { summary: 'Late.' } }
const other: Rule = { alert: 'Late', expr: 'late > 9', annotations: { summary: 'Very late.' } }

const rules: RulesFile = {
  file: 'late.yml',
  groups: [{ name: 'late', interval: '15s', rules: [original, other] }],
}

/** Expects no words, so that promtool is given the alert without them. */
const tests: TestsFile = {
  file: 'late.test.yml',
  rule_files: ['../rules/late.yml'],
  evaluation_interval: '15s',
  group_eval_order: ['late'],
  tests: [
    {
      name: 'Late: above 1',
      input_series: [{ series: 'late', values: '2' }],
      promql_expr_test: [{ expr: 'ALERTS{alertname="Late"}', eval_time: '0s', exp_samples: [] }],
    },
  ],
}

describe('the mutants of an alert', () => {
  it('have their mistake where the tests expect no words of the alert, too', () => {
    const mutant = { change: '1 becomes 2', rule: { ...original, expr: 'late > 2' } }
    const [part] = inParts([rules], tests)
    const { names, pruned } = withVariants(original, [mutant], part!)
    const played = pruned.rules.flatMap(({ groups }) => groups.flatMap((group) => group.rules))
    expect(played.map(({ alert, expr }) => [alert, expr])).toEqual([
      ['Late', 'late > 1'],
      [names[0], 'late > 2'],
      ['Late', 'late > 9'],
      [names[0], 'late > 9'],
    ])
    expect(played.filter(({ annotations }) => annotations !== undefined)).toEqual([])
  })
})
