import { alertAnnotation, configReloads } from '../annotations.ts'
import { dashboard } from '../frame.ts'
import { now } from './now.ts'
import { probing } from './probing.ts'
import { prometheus } from './prometheus.ts'
import { delivery } from './delivery.ts'
import { programsRow } from './programs.ts'

/** Is the monitoring itself at work? */
export const self = dashboard({
  uid: 'probity-self',
  title: 'Probity / Itself',
  description:
    'Is the monitoring itself working: the exporter, the scrapes, the rules, and the path of an alert to people?',
  from: 'now-6h',
  variables: [],
  annotations: [
    alertAnnotation('Alerts about the monitoring', 'target="",alertname!="Watchdog"'),
    configReloads,
  ],
  rows: [now, probing, prometheus, delivery, programsRow],
})
