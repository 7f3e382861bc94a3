/** What is held back because something larger explains it. Text, for the sake of its comments. */
export const inhibitRules = `# An \`equal\` label that is missing on both sides counts as equal. Each rule therefore demands that the labels it compares
# are there, by matching them against the empty string on the side that would be held back.
inhibit_rules:
  # Without an exporter, nothing is known about any target.
  - source_matchers: [alertname="ExporterDown", location=""]
    target_matchers: [target!=""]

  # Of several locations, the others go on.
  - source_matchers: [alertname="ExporterDown", location!=""]
    target_matchers: [target!="", location!=""]
    equal: [location]

  # A target that is down is also slow and erroneous: one outage is one notification.
  - source_matchers: [alertname="TargetDown"]
    target_matchers: [alertname=~"TargetSlow|TargetTailSlow|TargetLatencySpike|TargetErrorRateHigh|TargetBudgetBurn.+", target!=""]
    equal: [target]

  # The critical form of an alert makes its warning form redundant.
  - source_matchers: [severity="critical"]
    target_matchers: [severity="warning", alertname!="", target!=""]
    equal: [alertname, target]
`
