import { Refusal, type Name, type Plan } from './plan.ts'
import { alertRules } from '../../src/alerts/evaluator/rules/index.ts'

/**
 * An alert about targets: its rule in Prometheus, the same for solo, the cases of the rule, its section in docs/alerts.md.
 */
export function newAlert({ kebab, camel, pascal }: Name): Plan {
  if (alertRules.some(({ alertname }) => alertname === pascal))
    throw new Refusal(`there is an alert ${pascal} already: choose another name`)
  return {
    files: {
      [`src/alerts/evaluator/rules/${kebab}.ts`]: `import { targetAnnotations } from './annotations.ts'
import type { AlertRule } from './rule.ts'

/** TODO: what it means. prometheus/rules/targets.yml says the same in PromQL. */
export const ${camel}: AlertRule = {
  id: '${pascal}',
  alertname: '${pascal}',
  severity: 'warning',
  keepFiringFor: 300,
  window: () => 600,
  dependent: true,
  heldBackBy: ['TargetDown'],
  // TODO: the value that is reported if the condition holds.
  decide: () => undefined,
  // TODO: what it looks at, for probity explain.
  conditions: () => [],
  annotations: ({ target }, value) => ({
    summary: \`\${target.name} TODO \${value}, expected TODO\`,
    description: 'TODO',
    ...targetAnnotations(target, '${pascal}'),
  }),
}
`,
      [`prometheus/tests/${kebab}.test.yml`]: `rule_files: [../rules/targets.yml]
evaluation_interval: 15s
group_eval_order: ['probity:targets']
tests:
  - name: '${pascal}: TODO, not yet, firing, recovered'
    interval: 30s
    input_series:
      - { series: 'probe_success{target="a"}', values: '1x40' }
      - { series: 'probe_check_timestamp_seconds{target="a"}', values: '0+30x40' }
      - { series: 'probe_target_interval_seconds{target="a"}', values: '30x40' }
    alert_rule_test:
      - { eval_time: 5m, alertname: ${pascal}, exp_alerts: [] }
      - eval_time: 10m
        alertname: ${pascal}
        exp_alerts:
          - exp_labels: { target: a, severity: warning }
            exp_annotations:
              summary: TODO
              description: TODO
              runbook_url: docs/alerts.md#${pascal.toLowerCase()}
              dashboard_url: /d/probity-target?var-target=a
              interval: '30'
      - { eval_time: 20m, alertname: ${pascal}, exp_alerts: [] }
`,
    },
    rows: [
      {
        path: 'src/alerts/evaluator/rules/index.ts',
        before: /^$/,
        text: `import { ${camel} } from './${kebab}.ts'`,
      },
      {
        path: 'src/alerts/evaluator/rules/index.ts',
        after: /^export const alertRules/,
        before: /^\]/,
        text: `  ${camel},`,
      },
      { path: 'prometheus/rules/targets.yml', text: ruleOf(pascal) },
      { path: 'docs/alerts.md', before: /^## CertificateExpiring$/, text: sectionOf(pascal) },
    ],
    next: [
      `fill in the rule at the end of prometheus/rules/targets.yml, and the same in src/alerts/evaluator/rules/${kebab}.ts`,
      `fill in prometheus/tests/${kebab}.test.yml: not yet, firing, recovered`,
      `fill in the section ${pascal} of docs/alerts.md`,
      'npm test -- test/prometheus test/alerts/evaluator',
    ],
  }
}

function ruleOf(alertname: string): string {
  return `
      # TODO: what is compared, and why so.
      - alert: ${alertname}
        expr: |
          probe_success > 1
          unless (probe:held_back unless ignoring (alertname, alertstate, severity) ALERTS{alertname="${alertname}"})
        keep_firing_for: 5m
        labels:
          severity: warning
        annotations:
          summary: '{{ $labels.target }} TODO {{ $value }}, expected TODO'
          description: TODO
          runbook_url: '{{ with printf \`probity_target_info{target=%q,runbook!=""}\` $labels.target | query }}{{ . | first | label "runbook" }}{{ else }}docs/alerts.md#${alertname.toLowerCase()}{{ end }}'
          dashboard_url: *target_page
          interval: *interval
`
}

function sectionOf(alertname: string): string {
  return `## ${alertname}

**Means**: TODO.

**Compared**: TODO.

**Likely causes**: TODO.

**First**: TODO.

**Tune**: TODO.

`
}
