import type { Situation } from './when-empty.ts'

/** What a query must say in a situation, not only that it says something: labels of a series, and its newest value. */
export interface Finding {
  readonly when: Situation | 'all is well'
  readonly uid: string
  /** The title of the panel. */
  readonly panel: string
  readonly refId: string
  readonly labels: Readonly<Record<string, string>>
  readonly value?: number
}

const overview = { uid: 'probity-overview', refId: 'A' }
/** Of the target that comes first in the alphabet: the one with TLS, without a runbook. */
const target = { uid: 'probity-target', refId: 'A' }
const self = { uid: 'probity-self', refId: 'A' }

export const findings: readonly Finding[] = [
  { when: 'all is well', ...overview, panel: 'Up', labels: {}, value: 2 },
  { when: 'all is well', ...overview, panel: 'Down', labels: {}, value: 0 },
  { when: 'all is well', ...overview, panel: 'Alerts', labels: {}, value: 0 },
  { when: 'all is well', ...overview, panel: 'No data', labels: {}, value: 0 },
  { when: 'all is well', ...overview, panel: 'HTTP status code', labels: { target: 'shop' }, value: 200 },
  {
    when: 'all is well',
    ...overview,
    panel: 'Worst 10',
    labels: { target: 'shop', vendor: 'acme', team: 'checkout' },
    value: 2,
  },
  { when: 'all is well', ...target, panel: 'State now', labels: {}, value: 2 },
  {
    when: 'all is well',
    ...target,
    panel: 'Certificate and TLS',
    labels: { subject: 'CN=bank.example', version: 'TLS 1.3' },
  },
  {
    when: 'all is well',
    ...target,
    panel: 'What is expected',
    labels: { severity: 'critical', location: 'default' },
    value: 1,
  },
  { when: 'all is well', ...self, panel: 'Targets', labels: {}, value: 2 },
  { when: 'all is well', ...self, panel: 'Configuration', labels: {}, value: 1 },
  { when: 'all is well', ...self, panel: 'Checks per second', labels: { kind: 'http', outcome: 'success' } },
  { when: 'targets are down', ...overview, panel: 'Down', labels: {}, value: 2 },
  { when: 'targets are down', ...overview, panel: 'Up', labels: {}, value: 0 },
  { when: 'targets are down', ...overview, panel: 'State', labels: { target: 'shop' }, value: 0 },
  {
    when: 'targets are down',
    ...overview,
    panel: 'HTTP status code',
    labels: { target: 'shop' },
    value: 500,
  },
  {
    when: 'targets are down',
    ...overview,
    panel: 'Firing alerts',
    labels: {
      alertname: 'TargetDown',
      severity: 'critical',
      target: 'shop',
      runbook: 'https://wiki.example.com/shop',
    },
  },
  { when: 'targets are down', ...target, panel: 'State now', labels: {}, value: 0 },
  { when: 'targets are down', ...target, panel: 'Status code now', labels: {}, value: 500 },
  { when: 'targets are down', ...target, panel: 'Failure reasons', labels: { reason: 'status' } },
  {
    when: 'targets are down',
    ...target,
    panel: 'Firing alerts',
    labels: { alertname: 'TargetDown' },
    value: 1,
  },
  { when: 'targets are down', ...self, panel: 'Firing alerts', labels: { severity: 'critical' } },
  { when: 'they are up again but alerts are refused', ...overview, panel: 'Down', labels: {}, value: 0 },
  { when: 'they are up again but alerts are refused', ...overview, panel: 'Up', labels: {}, value: 2 },
  {
    when: 'they are up again but alerts are refused',
    ...self,
    panel: 'Notifications of Alertmanager',
    refId: 'B',
    labels: { integration: 'webhook' },
  },
]
