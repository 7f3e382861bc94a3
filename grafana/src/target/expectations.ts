import type { Row } from '../frame.ts'
import { rowToRunbook } from '../links.ts'
import { table, type Column } from '../panels/table.ts'
import { timeseries } from '../panels/timeseries.ts'
import { certificateExpiry, theTarget, withLabel } from '../selectors.ts'

/** When the certificate expires, in milliseconds, with its own details. */
const certificate =
  `1000 * max by (location) ${certificateExpiry(theTarget)}` +
  ` * on (location) group_left (subject, subjectalternative, issuer) topk by (location) (1, probe_ssl_last_chain_info{${theTarget}})`

/** What results are compared with, and the certificate. */
export const expectations: Row = {
  id: 140,
  title: 'Expectations and certificate',
  height: 7,
  panels: [
    table({
      id: 16,
      title: 'What is expected',
      shows:
        'The limits of config/targets.yml that results are compared with, by location, and the runbook of the target.',
      whenBad: 'A limit that differs between locations is a configuration that has not arrived everywhere.',
      width: 24,
      labels: [
        { label: 'location', name: 'Location', width: 120 },
        { label: 'instance', name: 'URL' },
        { label: 'severity', name: 'Severity', width: 100 },
        { label: 'runbook', name: 'Runbook', links: [rowToRunbook] },
      ],
      columns: [
        {
          ...expectation('Interval', 's', 'probe_target_interval_seconds'),
          expr: `max by (location, instance, severity, runbook) (${withRunbook(`probe_target_interval_seconds{${theTarget}}`)})`,
        },
        expectation('Down after', 's', 'probe_target_alert_after_seconds'),
        expectation('Latency', 's', 'probe_target_max_latency_seconds'),
        expectation('Error ratio', 'percentunit', 'probe_target_max_error_ratio'),
        expectation('SLO', 'percentunit', 'probe_target_slo_ratio'),
        expectation('Certificate', 's', 'probe_target_min_certificate_seconds'),
      ],
      sortBy: 'Interval',
    }),
    timeseries({
      id: 17,
      title: 'Certificate: time left',
      shows:
        'How long the certificate is still valid, in the location where that is shortest, and how long it is expected to be.',
      whenBad:
        'Below the line, CertificateExpiring fires. A jump upwards is a renewal; a saw-tooth between two values is a pool of servers of which not all were renewed.',
      unit: 's',
      width: 12,
      noValue: 'No TLS.',
      queries: [
        {
          expr: `min by (location) ${certificateExpiry(theTarget)} - time()`,
          legend: 'left {{location}}',
        },
        {
          expr: `max(probe_target_min_certificate_seconds{${theTarget}} and probe_ssl_earliest_cert_expiry{${theTarget}})`,
          legend: 'expected at least',
          limit: true,
        },
      ],
    }),
    table({
      id: 18,
      title: 'Certificate and TLS',
      shows: 'The certificate that was seen, even if it did not verify, and the TLS version; by location.',
      whenBad:
        'Compare the subject and the issuer with what you expect: another one is a wrong host, a proxy in between, or an attack.',
      width: 12,
      labels: [
        { label: 'location', name: 'Location', width: 100 },
        { label: 'version', name: 'TLS', width: 80 },
        { label: 'subject', name: 'Subject' },
        { label: 'subjectalternative', name: 'Names' },
        { label: 'issuer', name: 'Issuer' },
      ],
      columns: [
        {
          name: 'Expires',
          unit: 'dateTimeAsIso',
          width: 170,
          expr: withLabel(certificate, 'version', `probe_tls_version_info{${theTarget}}`, 'location'),
        },
      ],
      sortBy: 'Expires',
      ascending: true,
      noValue: 'No TLS.',
    }),
  ],
}

function expectation(name: string, unit: string, metric: string): Column {
  return { name, unit, width: 105, expr: limits(metric) }
}

function limits(metric: string): string {
  return `max by (location, instance, severity) (${metric}{${theTarget}})`
}

function withRunbook(expr: string): string {
  return withLabel(expr, 'runbook', 'probity_target_info{target="$target"}', 'target')
}
