import type { Metric } from '../../src/checks/metric.ts'
import { catalogue } from '../../src/metrics/catalogue.ts'

/** docs/metrics.md: the catalogue as tables. */
export function metricsDoc(): string {
  return `# Metrics

This page is generated from \`src/metrics\` by \`npm run generate\`.

If blackbox_exporter has a metric, its name, help text and meaning are the same here, so that existing dashboards and rules keep
working. Two things differ on purpose. Certificate series are present whenever a certificate was seen, even if it could not be
verified. Every response contains the target's own thresholds, with the same labels as the results.

Nothing that a target controls becomes a label, with two exceptions: the fields of its certificate, cut to 256 characters, and the
values that the configured groups of a dialogue capture (\`probe_expect_info\`), cut to 128 characters.

Both pages are answered as OpenMetrics if the scrape accepts it, as Prometheus does, otherwise in Prometheus' text format, and
compressed with gzip if the scrape accepts that. In OpenMetrics, the bounds of buckets are written with a point (\`le="1.0"\`), and the
buckets of \`api_call_duration_seconds\` have exemplars: the \`trace_id\` of the newest call that OpenTelemetry reported.

## On every response of /probe

${table(catalogue.probe)}

## On /metrics

In addition, there are the process metrics of prom-client (\`process_*\`, \`nodejs_*\`). Three gauges of it that are named like
counters are left out: instead of \`nodejs_active_handles_total\`, \`nodejs_active_requests_total\` and \`nodejs_active_resources_total\`,
use the sum of the metric without \`_total\`, such as \`sum by (job, instance) (nodejs_active_handles)\`.

${table(catalogue.self)}
`
}

function table(metrics: readonly Metric[]): string {
  return ['| metric | type | labels | meaning |', '|---|---|---|---|', ...metrics.map(row)].join('\n')
}

function row({ name, type, labels, targetLabels, help }: Metric): string {
  const names = [...labels.map((label) => `\`${label}\``), ...(targetLabels ? ["the target's own"] : [])]
  return `| \`${name}\` | ${type} | ${names.join(', ')} | ${help} |`
}
