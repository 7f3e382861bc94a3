import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  alertmanagers,
  startAlertmanager,
  type Alertmanager,
  type Labels,
  type ShownAlert,
} from '../../support/programs/alertmanager.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { waitFor } from '../../support/time/wait-for.ts'

interface Case {
  readonly name: string
  /** What fires already. */
  readonly source: Labels
  /** What is held back because of it, or is not. */
  readonly alert: Labels
}

const exporterDown = { alertname: 'ExporterDown', severity: 'critical', job: 'probity' }
const exporterDownHere = { ...exporterDown, location: 'here' }
const networkDown = { alertname: 'ProberNetworkDown', severity: 'critical', location: 'here' }
const down = { alertname: 'TargetDown', severity: 'critical', target: 'shop', location: 'here' }
const slow = { alertname: 'TargetSlow', severity: 'warning', target: 'shop', location: 'here' }
const certificate = { alertname: 'CertificateExpiring', target: 'shop', location: 'here' }

const heldBack: Case[] = [
  { name: 'TargetDown by ExporterDown', source: exporterDown, alert: down },
  {
    name: 'TargetNoData, which has no location, by ExporterDown',
    source: exporterDown,
    alert: { alertname: 'TargetNoData', severity: 'warning', target: 'shop' },
  },
  { name: 'TargetDown by ExporterDown of its location', source: exporterDownHere, alert: down },
  { name: 'TargetSlow by TargetDown', source: down, alert: slow },
  {
    name: 'TargetErrorRateHigh by TargetDown',
    source: down,
    alert: { ...slow, alertname: 'TargetErrorRateHigh' },
  },
  {
    name: 'TargetBudgetBurnFast by TargetDown',
    source: down,
    alert: { ...slow, alertname: 'TargetBudgetBurnFast', severity: 'critical' },
  },
  {
    name: 'TargetBudgetBurnSlow by TargetDown',
    source: down,
    alert: { ...slow, alertname: 'TargetBudgetBurnSlow' },
  },
  {
    name: 'TargetSlow by a TargetDown of severity info',
    source: { ...down, severity: 'info' },
    alert: slow,
  },
  {
    name: 'a warning by the critical form of the same alert',
    source: { ...certificate, severity: 'critical' },
    alert: { ...certificate, severity: 'warning' },
  },
]

const told: Case[] = [
  {
    name: 'TargetDown, next to ExporterDown of another location',
    source: exporterDownHere,
    alert: { ...down, location: 'there' },
  },
  {
    name: 'ConfigReloadFailed, next to ExporterDown',
    source: exporterDown,
    alert: { alertname: 'ConfigReloadFailed' },
  },
  {
    name: 'Watchdog, next to ExporterDown',
    source: exporterDown,
    alert: { alertname: 'Watchdog', severity: 'none' },
  },
  {
    name: 'ExporterDown, next to a target that is down',
    source: down,
    alert: exporterDown,
  },
  {
    name: 'TargetDown, next to ProberNetworkDown: the rules hold its beginning back, and its end is told',
    source: networkDown,
    alert: down,
  },
  {
    name: 'TargetSlow of another target, next to TargetDown',
    source: down,
    alert: { ...slow, target: 'blog' },
  },
  {
    name: 'TargetSlow without a target, next to a TargetDown without one: missing is not equal',
    source: { alertname: 'TargetDown', severity: 'critical' },
    alert: { alertname: 'TargetSlow', severity: 'warning' },
  },
  {
    name: 'CertificateExpiring, next to TargetDown',
    source: down,
    alert: { ...certificate, severity: 'critical' },
  },
  { name: 'TargetDown, next to TargetSlow', source: slow, alert: down },
  {
    name: 'a warning of another alert, next to a critical one of the same target',
    source: { ...certificate, severity: 'critical' },
    alert: { ...slow },
  },
  {
    name: 'a warning of another target, next to the critical form',
    source: { ...certificate, severity: 'critical' },
    alert: { ...certificate, severity: 'warning', target: 'blog' },
  },
  {
    name: 'a warning without a target, next to its critical form: missing is not equal',
    source: { alertname: 'NotificationsFailing', severity: 'critical' },
    alert: { alertname: 'NotificationsFailing', severity: 'warning', channel: 'log' },
  },
  {
    name: 'the critical form, next to the warning',
    source: { ...certificate, severity: 'warning' },
    alert: { ...certificate, severity: 'critical' },
  },
]

describeWithTool(['prometheus-alertmanager'], 'inhibition', () => {
  describe.each(alertmanagers)('in %s', (binary) => {
    let alertmanager: Alertmanager
    let count = 0

    beforeAll(async () => {
      alertmanager = await startAlertmanager(binary, {
        folder: await tempFolder(),
        // Nobody listens there: notifications are not what is looked at.
        replace: { 'notifier:9741': '127.0.0.1:1' },
      })
    })

    afterAll(() => alertmanager.stop())

    /**
     * Shows what fires next to its source, and how it was judged. Alerts take effect in the order in which they are posted:
     * once the last of them, a pair that always inhibits, has done so, the others have had their chance.
     */
    async function judge({ source, alert }: Case): Promise<{ source: ShownAlert; alert: ShownAlert }> {
      const control = `control ${++count}`
      const posted = [
        source,
        alert,
        { alertname: 'TargetSlow', target: control },
        { alertname: 'TargetDown', target: control },
      ]
      await alertmanager.post(posted.map((labels) => ({ labels })))
      const shown = await waitFor('the control pair', async () => {
        const all = await alertmanager.alerts()
        const slowControl = find(all, { alertname: 'TargetSlow', target: control })
        return slowControl && slowControl.status.inhibitedBy.length > 0 ? all : undefined
      })
      const ended = new Date()
      await alertmanager.post(posted.map((labels) => ({ labels, endsAt: ended })))
      await waitFor('the end of the case', async () => (await alertmanager.alerts()).length === 0)
      return { source: find(shown, source)!, alert: find(shown, alert)! }
    }

    it.each(heldBack)('holds back $name', async (pair) => {
      const { source, alert } = await judge(pair)
      expect(alert.status).toMatchObject({ state: 'suppressed', inhibitedBy: [source.fingerprint] })
    })

    it.each(told)('reports $name', async (pair) => {
      const { alert } = await judge(pair)
      expect(alert.status.inhibitedBy).toEqual([])
    })
  })
})

function find(alerts: readonly ShownAlert[], labels: Labels): ShownAlert | undefined {
  return alerts.find(
    (alert) =>
      Object.keys(alert.labels).length === Object.keys(labels).length &&
      Object.entries(labels).every(([name, value]) => alert.labels[name] === value),
  )
}
