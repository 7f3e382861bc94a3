import { severityMappings } from '../colours.ts'
import type { Row } from '../frame.ts'
import { rowToRunbook } from '../links.ts'
import { table } from '../panels/table.ts'
import { selected, withLabel } from '../selectors.ts'
import { who } from '../who.ts'

/** How long each alert has been firing, Watchdog's excepted, which always does. */
const firing =
  `time() - ALERTS_FOR_STATE{alertname!="Watchdog",${selected}}` +
  ` and ignoring (alertstate) ALERTS{alertstate="firing",alertname!="Watchdog",${selected}}`

/** What fires, since when, and what to do. */
export const alerts: Row = {
  id: 110,
  title: 'Alerts',
  height: 7,
  panels: [
    table({
      id: 7,
      title: 'Firing alerts',
      shows: 'The alerts that are firing, longest first. Targets and runbooks link to their pages.',
      whenBad: 'Follow the runbook. docs/alerts.md has one for each alert, for targets without their own.',
      width: 24,
      labels: [
        { label: 'severity', name: 'Severity', mappings: severityMappings, width: 90 },
        { label: 'alertname', name: 'Alert', width: 210 },
        ...who,
        { label: 'location', name: 'Location', width: 110 },
        { label: 'runbook', name: 'Runbook', links: [rowToRunbook] },
      ],
      columns: [
        {
          name: 'For',
          unit: 'dtdurations',
          width: 150,
          expr:
            'topk(100, max by (severity, alertname, target, vendor, team, location, runbook) (' +
            `${withLabel(firing, 'runbook', 'probity_target_info', 'target')}))`,
        },
      ],
      sortBy: 'For',
      noValue: 'No alert is firing.',
    }),
  ],
}
