import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { root } from '../../../scripts/stack/shipped-files.ts'
import { amtools, type Labels } from '../../support/programs/alertmanager.ts'
import { describeWithTool } from '../../support/programs/tools.ts'

/** Labels, and the receivers that are notified, in this order. */
const table: [Labels, string][] = [
  [{ alertname: 'TargetDown', severity: 'critical', target: 'shop', location: 'default' }, 'notifier'],
  [{ alertname: 'TargetDown', severity: 'warning', target: 'shop' }, 'notifier'],
  [{ alertname: 'TargetDown', severity: 'info', target: 'shop' }, 'notifier'],
  [
    { alertname: 'TargetSlow', severity: 'warning', target: 'shop', vendor: 'acme', team: 'shop' },
    'notifier',
  ],
  [{ alertname: 'ExporterDown', severity: 'critical' }, 'notifier'],
  [{ alertname: 'NotificationsFailing', severity: 'critical', channel: 'log' }, 'notifier'],
  [{ alertname: 'SomebodyElsesAlert' }, 'notifier'],
  [{ alertname: 'Watchdog', severity: 'none' }, 'watchdog'],
  [{ alertname: 'WatchdogOfSomebodyElse', severity: 'critical' }, 'notifier'],
]

function route(amtool: string, labels: Labels, receivers: string): Promise<{ stdout: string }> {
  return promisify(execFile)(amtool, [
    'config',
    'routes',
    'test',
    `--config.file=${join(root, 'alertmanager/alertmanager.yml')}`,
    `--verify.receivers=${receivers}`,
    ...Object.entries(labels).map(([name, value]) => `${name}=${value}`),
  ])
}

describeWithTool(['amtool'], 'routes', () => {
  describe.each(amtools)('of %s', (amtool) => {
    it.each(table)('send %p to %s', async (labels, receivers) => {
      const { stdout } = await route(amtool, labels, receivers)
      expect(stdout.trim()).toBe(receivers)
    })

    it('are really looked at: another receiver is an error', async () => {
      await expect(route(amtool, { alertname: 'Watchdog' }, 'notifier')).rejects.toMatchObject({ code: 1 })
    })
  })
})
