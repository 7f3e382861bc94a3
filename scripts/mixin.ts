import { ruleGroups } from './kubernetes/prometheus-rule.ts'
import { dashboardFile, dashboards } from '../grafana/src/dashboards.ts'

/** The rules as JSON: jsonnet 0.18 reads neither the anchors nor the blocks of their YAML. */
export async function mixinRules(): Promise<string> {
  return `${JSON.stringify({ groups: await ruleGroups() }, null, 2)}\n`
}

/** The mixin: the rules and dashboards as mixtool and jsonnet read them. */
export function mixin(): string {
  const imported = dashboards
    .map((dashboard) => dashboardFile(dashboard).path)
    .map((path) => `    '${path.replace(/.*\//, '')}': import '../${path}',`)
  return `// Made by \`npm run generate\` from prometheus/rules and grafana/dashboards. docs/existing-prometheus.md says how to use it.
local groups = (import 'rules.json').groups;
local hasAlert(group) = std.length([rule for rule in group.rules if 'alert' in rule]) > 0;
local isLinked(rule) = 'annotations' in rule && 'runbook_url' in rule.annotations;

{
  _config+:: {
    // Where people find docs/alerts.md.
    runbookUrl: 'docs/alerts.md',
  },

  grafanaDashboardFolder:: 'Probity',
  grafanaDashboards+:: {
${imported.join('\n')}
  },

  // A group has its recording rules and the alerts that read them, in the order in which they are evaluated.
  prometheusAlerts+:: {
    groups+: [
      group {
        rules: [
          rule + if isLinked(rule) then {
            annotations+: {
              runbook_url: std.strReplace(super.runbook_url, 'docs/alerts.md', $._config.runbookUrl),
            },
          } else {}
          for rule in super.rules
        ],
      }
      for group in groups
      if hasAlert(group)
    ],
  },
  prometheusRules+:: {
    groups+: [group for group in groups if !hasAlert(group)],
  },
}
`
}
