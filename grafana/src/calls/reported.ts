import type { Row } from '../frame.ts'
import { timeseries } from '../panels/timeseries.ts'

/** What arrives at the collector, whichever target it is for. */
export const reported: Row = {
  id: 160,
  title: 'What programs report, all targets',
  height: 8,
  panels: [
    timeseries({
      id: 15,
      title: 'Reported per second',
      shows: 'Calls by protocol, and what happened to them.',
      whenBad:
        'malformed: a sender that speaks something else. unknown_version: a sender that is newer than this Probity.',
      unit: 'short',
      width: 8,
      min: 0,
      queries: [
        {
          expr: 'sum by (protocol, result) (rate(api_call_messages_total[$__rate_interval])) > 0',
          legend: '{{protocol}} {{result}}',
        },
      ],
      noValue: 'Nothing.',
    }),
    timeseries({
      id: 16,
      title: 'Calls without a target: 10 hosts',
      shows:
        'Calls per second that match no calls: of targets.yml, by host. Nothing else about them is kept.',
      whenBad:
        'A host that matters to you needs a target. probity calls tail shows such calls, and suggests a pattern.',
      unit: 'reqps',
      width: 8,
      min: 0,
      queries: [
        {
          expr: 'topk(10, sum by (host) (rate(api_calls_unmatched_total[$__rate_interval])))',
          legend: '{{host}}',
        },
      ],
      noValue: 'All calls have a target.',
    }),
    timeseries({
      id: 17,
      title: 'Dropped datagrams per second',
      shows:
        'Datagrams that came faster than the collector read them (buffer), or from elsewhere than --calls.allow-networks (network). Their calls are missing everywhere.',
      whenBad:
        'For buffer, a larger net.core.rmem_max helps with bursts; if one processor cannot keep up, run a second exporter. For network, add the network of the senders.',
      unit: 'short',
      width: 8,
      min: 0,
      softMax: 1,
      queries: [
        {
          expr: 'sum by (instance, reason) (rate(api_call_datagrams_dropped_total[$__rate_interval]))',
          legend: '{{instance}} {{reason}}',
        },
      ],
    }),
  ],
}
