import { alertAnnotation, configReloads } from '../annotations.ts'
import { dashboard } from '../frame.ts'
import { rank, selected } from '../selectors.ts'
import { location, rows, shown, targets, team, vendor } from '../variables.ts'
import { now } from './now.ts'
import { alerts } from './alerts.ts'
import { overTime } from './over-time.ts'
import { worst } from './worst.ts'

/** Is anything wrong, and where? */
export const overview = dashboard({
  uid: 'probity-overview',
  title: 'Probity / Overview',
  description: 'Is anything wrong, and where? One row for each target; open one for its details.',
  from: 'now-6h',
  variables: [
    vendor,
    team,
    location,
    targets,
    rows,
    shown(`topk($rows, max by (target) (${rank(selected)}))`),
  ],
  annotations: [alertAnnotation('Critical alerts', `severity="critical",${selected}`), configReloads],
  rows: [now, alerts, overTime, worst],
})
