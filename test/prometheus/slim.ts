import type { AlertTest, Rule, RulesFile, TestsFile } from './shipped.ts'

// promtool runs the queries of every annotation of a firing alert at every step. The summary is kept: it tells the value.

/** Rules whose alerts have no annotation but the summary. */
export function slimRules(file: RulesFile): RulesFile {
  const slim = (rule: Rule): Rule =>
    rule.annotations === undefined ? rule : { ...rule, annotations: summaryOf(rule.annotations) }
  return { ...file, groups: file.groups.map((group) => ({ ...group, rules: group.rules.map(slim) })) }
}

/** Tests that expect no annotation but the summary. */
export function slimTests(file: TestsFile): TestsFile {
  const slim = ({ exp_alerts: expected, ...test }: AlertTest): AlertTest => ({
    ...test,
    exp_alerts: expected.map((alert) => ({ ...alert, exp_annotations: summaryOf(alert.exp_annotations) })),
  })
  return {
    ...file,
    tests: file.tests.map(({ alert_rule_test: alerts = [], ...group }) => ({
      ...group,
      alert_rule_test: alerts.map(slim),
    })),
  }
}

function summaryOf({ summary = '' }: Readonly<Record<string, string>>): { summary: string } {
  return { summary }
}
