import { colours, stateMappings, statusMappings, steps } from '../colours.ts'
import type { Row } from '../frame.ts'
import { stat } from '../panels/stat.ts'
import { certificateExpiry, newest, theTarget } from '../selectors.ts'

/** The newest numbers of the target. */
export const now: Row = {
  id: 100,
  title: 'Now',
  height: 4,
  panels: [
    stat({
      id: 1,
      title: 'State now',
      shows: 'In the worst of the chosen locations.',
      whenBad:
        'The failure reasons below say why. `no data`: Prometheus has no results; see the dashboard "Probity / Itself".',
      unit: 'short',
      width: 3,
      mappings: stateMappings,
      thresholds: steps(colours.noData),
      expr: `min(probe:state{${theTarget}})`,
      noValue: 'no data',
    }),
    stat({
      id: 2,
      title: 'Status code now',
      shows: 'Of the newest check, the highest of the locations; `none` is a request without a response.',
      whenBad:
        '5xx: the service fails. 4xx: the request is wrong, often credentials. `none`: see the failure reasons.',
      unit: 'none',
      width: 3,
      mappings: statusMappings,
      thresholds: steps(colours.noData),
      expr: `max(probe_http_status_code{${theTarget}})`,
      noValue: '-',
    }),
    stat({
      id: 3,
      title: 'Failing for',
      shows: 'How long every check has failed; 0 when the newest one succeeded.',
      whenBad: 'The timeline shows what else changed when it began.',
      unit: 'dtdurations',
      width: 3,
      thresholds: steps(colours.up, [0.001, colours.degraded]),
      expr: `max(probe:failing_for_seconds{${theTarget}})`,
    }),
    stat({
      id: 4,
      title: 'Latency, 10 minutes',
      shows:
        'The median of the checks of the last 10 minutes: what the alert TargetSlow compares with `max_latency`.',
      whenBad: 'The phases below say whether it is the name resolution, the network, TLS or the service.',
      unit: 's',
      width: 3,
      expr: `max(quantile_over_time(0.5, probe_duration_seconds{${theTarget}}[10m]))`,
    }),
    stat({
      id: 5,
      title: 'Available, 1 day',
      shows: 'The share of checks that succeeded, in the worst location.',
      whenBad: 'The error ratio below shows whether it is one outage or failures now and then.',
      unit: 'percentunit',
      decimals: 2,
      width: 3,
      expr: `1 - max(${newest(`probe:error_ratio:1d{${theTarget}}`)})`,
      noValue: 'after 5 minutes',
    }),
    stat({
      id: 6,
      title: 'Available, 30 days',
      shows:
        'The share of checks that succeeded, in the worst location. Available after the first full hour.',
      whenBad:
        'The dashboard "Probity / SLO" says how much of its error budget is left, and how fast it burns.',
      unit: 'percentunit',
      decimals: 3,
      width: 3,
      expr: `1 - max(${newest(`probe:error_ratio:30d{${theTarget}}`)})`,
      noValue: 'after an hour',
    }),
    stat({
      id: 7,
      title: 'Certificate expires in',
      shows: 'The earliest expiry in the verified chain, of the worst certificate seen in the last hour.',
      whenBad:
        'Renew it; red is less than three days, which is a critical alert. The table below names the certificate.',
      unit: 's',
      width: 3,
      thresholds: steps(colours.down, [3 * 86_400, colours.degraded], [14 * 86_400, colours.up]),
      expr: `min${certificateExpiry(theTarget, '1h')} - time()`,
      noValue: 'no TLS',
    }),
    stat({
      id: 8,
      title: 'Newest check',
      shows: 'How long ago the newest check was made, in the location where that is longest.',
      whenBad:
        'If it is more than the interval of the target, the exporter is not asked or does not answer: see "Probity / Itself".',
      unit: 'dtdurations',
      width: 3,
      expr: `time() - min(probe_check_timestamp_seconds{${theTarget}})`,
    }),
  ],
}
