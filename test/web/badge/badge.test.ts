import { describe, expect, it } from 'vitest'
import { badgeSvg } from '../../../src/web/badge/badge.ts'
import { badgeMetrics } from '../../../src/web/badge/metrics.ts'
import { aTarget } from '../../support/target.ts'
import { aPast, aSource, aStore, passed } from '../support.ts'
import type { TargetPast } from '../../../src/web/status/past.ts'
import type { TargetStatus } from '../../../src/web/status/status.ts'

async function status(past: Partial<TargetPast>, slo = 0.99): Promise<TargetStatus> {
  const target = aTarget({ expect: { ...aTarget().expect, slo } })
  const source = aSource({
    targets: [target],
    checks: { shop: [passed(5)] },
    past: aStore({ shop: aPast(past) }),
  })
  const [only] = await source.overview()
  return only!
}

describe('a badge', () => {
  it('lets no name become markup, and keeps a long one readable', () => {
    const svg = badgeSvg({ label: '<script>alert("1&2")</script>', text: 'up', tone: 'up' })
    expect(svg).not.toContain('<script')
    expect(svg).toContain('aria-label="&lt;script&gt;alert(&quot;1&amp;2&quot;)&lt;/script&gt;: up"')
    const long = badgeSvg({ label: 'x'.repeat(500), text: 'up', tone: 'up' })
    expect(long).toContain(`>${'x'.repeat(59)}…</text>`)
    expect(long).toContain(`<title>${'x'.repeat(500)}: up</title>`)
  })

  it('says the state in words and colour', async () => {
    expect(badgeMetrics.state(await status({}))).toEqual({ text: 'up', tone: 'up' })
  })

  it('never rounds an availability up, and measures it by the objective', async () => {
    const shown = async (last30d: number | null): Promise<object> =>
      badgeMetrics.availability(await status({ availability: { last24h: 1, last30d, last90d: 0.5 } }, 0.99))
    expect(await shown(1)).toEqual({ text: '100%', tone: 'up' })
    expect(await shown(0.9999999)).toEqual({ text: '99.999%', tone: 'up' })
    expect(await shown(0.99)).toEqual({ text: '99.00%', tone: 'up' })
    expect(await shown(0.98999)).toEqual({ text: '98.99%', tone: 'degraded' })
    expect(await shown(0.97)).toEqual({ text: '97.00%', tone: 'down' })
    expect(await shown(null)).toEqual({ text: 'unobserved', tone: 'none' })
    const other = await status({ availability: { last24h: 1, last30d: 1, last90d: 0.5 } })
    expect(badgeMetrics.availability90d(other)).toEqual({ text: '50.00%', tone: 'down' })
    expect(badgeMetrics.availability24h(other)).toEqual({ text: '100%', tone: 'up' })
  })

  it('shows latency against the expectation', async () => {
    const slow = await status({ latency: { p50Seconds: 0.2345, p95Seconds: 1.2 } })
    expect(badgeMetrics.p50(slow)).toEqual({ text: '235 ms', tone: 'up' })
    expect(badgeMetrics.p95(slow)).toEqual({ text: '1.20 s', tone: 'degraded' })
    expect(badgeMetrics.p95(await status({ latency: {} }))).toEqual({ text: 'unobserved', tone: 'none' })
  })
})
