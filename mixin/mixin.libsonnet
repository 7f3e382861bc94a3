// Made by `npm run generate` from prometheus/rules and grafana/dashboards. docs/existing-prometheus.md says how to use it.
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
    'probity-overview.json': import '../grafana/dashboards/probity-overview.json',
    'probity-target.json': import '../grafana/dashboards/probity-target.json',
    'probity-calls.json': import '../grafana/dashboards/probity-calls.json',
    'probity-slo.json': import '../grafana/dashboards/probity-slo.json',
    'probity-vendors.json': import '../grafana/dashboards/probity-vendors.json',
    'probity-self.json': import '../grafana/dashboards/probity-self.json',
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
