import { colours } from '../colours.ts'
import type { Row } from '../frame.ts'
import { timeseries } from '../panels/timeseries.ts'

/** Whether people are notified. */
export const delivery: Row = {
  id: 130,
  title: 'Delivery',
  height: 8,
  panels: [
    timeseries({
      id: 17,
      title: 'Notifications of Alertmanager',
      shows: 'What Alertmanager sends per second, and how much of it fails, by receiver.',
      whenBad: "NotificationsFailing fires. The log of Alertmanager has the receiver's answer.",
      unit: 'cps',
      width: 8,
      min: 0,
      queries: [
        {
          expr: 'sum by (integration) (rate(alertmanager_notifications_total[$__rate_interval])) > 0',
          legend: '{{integration}}',
        },
        {
          expr: 'sum by (integration) (rate(alertmanager_notifications_failed_total[$__rate_interval])) > 0',
          legend: '{{integration}} failed',
        },
      ],
      noValue: 'Nothing was sent.',
    }),
    timeseries({
      id: 18,
      title: 'Notifications of Probity',
      shows: 'What the notifier delivers per second, by channel and result.',
      whenBad: '`failed`: its log has the reason, and what could not be delivered.',
      unit: 'cps',
      width: 8,
      min: 0,
      queries: [
        {
          expr: 'sum by (channel, result) (rate(probity_notifications_total[$__rate_interval]))',
          legend: '{{channel}} {{result}}',
        },
      ],
      noValue: 'Nothing was delivered.',
    }),
    timeseries({
      id: 19,
      title: 'Firing alerts',
      shows: 'How many alerts fire, by severity; Watchdog excepted, which always does.',
      whenBad: 'The dashboard "Probity / Overview" lists them.',
      unit: 'short',
      width: 8,
      min: 0,
      stacked: 'areas',
      named: { critical: colours.down, warning: colours.degraded, info: colours.neutral },
      queries: [
        {
          expr: 'count by (severity) (ALERTS{alertstate="firing",alertname!="Watchdog"})',
          legend: '{{severity}}',
        },
      ],
      noValue: 'None.',
    }),
  ],
}
