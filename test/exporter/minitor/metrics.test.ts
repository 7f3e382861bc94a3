import { beforeEach, describe, expect, it } from 'vitest'
import { Registry } from 'prom-client'
import { minitorMetrics, type MinitorMetrics } from '../../../src/exporter/minitor/metrics.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { parseMinitor } from '../../support/minitor.ts'

const text = `monitors:
  - { name: site, command: [c], alerts: [log, mail], alert_up: [mail], alert_after: 2 }
  - { name: blog, command: [c], alerts: [mail], alert_after: 1 }
alerts:
  mail: { command: [m] }
`

let registry: Registry
let metrics: MinitorMetrics

beforeEach(() => {
  registry = new Registry()
  metrics = minitorMetrics(registry)
  metrics.fileChanged(parseMinitor(text))
})

const ok: ProbeResult = { startedAt: new Date(0), durationSeconds: 0.0123, success: true }
const bad: ProbeResult = {
  ...ok,
  durationSeconds: 1.5,
  success: false,
  failure: { reason: 'command', message: '' },
}

const samples = async (): Promise<string[]> =>
  (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))

describe('the metrics of Minitor', () => {
  it('count checks, tell which of them caused an alert, how long they took and who is up', async () => {
    for (const result of [ok, bad, bad, bad, ok, ok]) metrics.checked('site', result)
    expect(await samples()).toEqual([
      'minitor_check_total{monitor="site",status="success",is_alert="false"} 2',
      'minitor_check_total{monitor="site",status="failure",is_alert="false"} 1',
      'minitor_check_total{monitor="site",status="failure",is_alert="true"} 2',
      'minitor_check_total{monitor="site",status="success",is_alert="true"} 1',
      'minitor_alert_total{alert="log",monitor="site"} 2',
      'minitor_monitor_up_count{monitor="site"} 1',
      'minitor_check_milliseconds{monitor="site",status="success"} 12',
      'minitor_check_milliseconds{monitor="site",status="failure"} 1500',
    ])
  })

  it('count an alert once it was run, under the name that it has in the file', async () => {
    // Its channels are mail and mail-up, because the blog wants it for one of the two only.
    metrics.told({ channel: 'mail', target: 'site', status: 'firing' })
    metrics.told({ channel: 'mail-up', target: 'site', status: 'firing' })
    metrics.told({ channel: 'mail', target: 'site', status: 'resolved' })
    metrics.told({ channel: 'mail-up', target: 'site', status: 'resolved' })
    metrics.told({ channel: 'another', target: 'site', status: 'firing' })
    expect(await samples()).toEqual(['minitor_alert_total{alert="mail",monitor="site"} 2'])
  })

  it('know nothing of what is not a monitor, and of checks that were given up', async () => {
    metrics.checked('other', ok)
    metrics.checked('site', { ...bad, failure: { reason: 'internal', message: 'stopped' } })
    expect(await samples()).toEqual([])
  })

  it('forget the state of a monitor that is gone', async () => {
    metrics.checked('site', bad)
    metrics.checked('site', bad)
    metrics.fileChanged(parseMinitor('monitors: [{ name: blog, command: [c] }]'))
    expect((await samples()).filter((line) => !line.includes('_total'))).toEqual([])
    metrics.fileChanged(parseMinitor(text))
    metrics.checked('site', bad)
    expect(await samples()).toContain('minitor_monitor_up_count{monitor="site"} 1')
  })
})
