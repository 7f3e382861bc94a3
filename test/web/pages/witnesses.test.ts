import { describe, expect, it } from 'vitest'
import { html } from '../../../src/lib/text/html.ts'
import { incidentPage, othersAt } from '../../../src/web/pages/incident.ts'
import { latencyChart } from '../../../src/web/pages/parts/chart/latency-chart.ts'
import { chartRanges } from '../../../src/web/pages/parts/chart/ranges.ts'
import { vendorLine, vendorSays } from '../../../src/web/pages/vendor-says.ts'
import type { Incident } from '../../../src/web/status/status.ts'
import { ago, now as nowMs } from '../support.ts'

const now = new Date(nowMs)
const textOf = (markup: { readonly markup: string } | ''): string =>
  (markup === '' ? '' : markup.markup)
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()

const evidence = { at: ago(100), reason: 'connect', message: 'refused' }
const incident = (target: string, seconds: number, more: Partial<Incident> = {}): Incident => ({
  target,
  startedAt: ago(seconds),
  durationSeconds: seconds,
  firstFailure: evidence,
  lastFailure: evidence,
  ...more,
})

describe('what the vendor says', () => {
  it.each([
    [
      { name: 'acme', state: 'operational', readAt: ago(20) },
      /^Vendor acme says: operational read 20 s ago$/,
    ],
    [
      { name: 'acme', state: 'partial_outage', title: 'Errors <b>' },
      /^Vendor acme says: partial outage \(Errors &lt;b&gt;\)$/,
    ],
    [{ name: 'acme', state: 'unknown' }, /^Vendor acme says: nothing that could be read$/],
  ] as const)('%j', (said, text) => {
    expect(textOf(vendorSays(said, now))).toMatch(text)
  })

  it('is in the list of targets where something is wrong', () => {
    const said = { name: 'acme', state: 'operational' } as const
    expect(vendorLine(said, false)).toBe('')
    expect(textOf(vendorLine(said, true))).toBe('vendor says: operational')
    expect(textOf(vendorLine({ ...said, state: 'degraded' }, false))).toBe('vendor says: degraded')
    expect(vendorLine({ ...said, state: 'unknown' }, true)).toBe('')
    expect(vendorLine(undefined, true)).toBe('')
  })
})

describe('the page of an incident', () => {
  const page = (more: Partial<Incident>, others: readonly Incident[] = []): string =>
    textOf(
      incidentPage({ target: 'shop', incident: incident('shop', 3600, more), others, note: html``, now }),
    )

  it('says after which change it began, and whether the vendor admitted it', () => {
    const text = page({ after: { title: 'checkout 1.4.2', seconds: 180 }, admission: { afterSeconds: 2040 } })
    expect(text).toContain('Change began 3 min after checkout 1.4.2')
    expect(text).toContain('Vendor said so 34 min after it began')
    expect(page({ admission: {} })).toContain('Vendor did not say so')
    expect(page({ admission: { afterSeconds: 0 } })).toContain('Vendor had said so before')
    expect(page({})).not.toMatch(/Change|Vendor/)
  })

  it('names what began to fail at the same time', async () => {
    const own = incident('shop', 3600)
    const all = [own, incident('pay', 3550), incident('old', 9000), incident('api', 3700)]
    const others = await othersAt({ incidents: () => Promise.resolve(all) }, own)
    expect(others.map(({ target }) => target)).toEqual(['pay', 'api'])
    expect(page({}, others)).toMatch(/Began to fail at the same time pay .* api /)
    expect(page({})).not.toContain('at the same time')
  })
})

it('a chart has a line for each change, and a list that links to them', () => {
  const [range] = chartRanges
  const { markup } = latencyChart({
    series: {
      target: 'shop',
      from: ago(3600),
      to: now,
      resolution: 'checks',
      stepSeconds: 0,
      maxLatencySeconds: 1,
      points: [{ at: ago(1800), checks: 1, failures: 0, p50Seconds: 0.1, maxSeconds: 0.1 }],
      marks: [{ at: ago(1800), title: 'checkout <1.4.2>', source: 'api', url: 'https://ci.example/1' }],
    },
    range: range!,
    now,
  })
  expect(markup).toContain('<path class="mark" d="M500 0V240"><title>checkout &lt;1.4.2&gt;</title></path>')
  expect(markup).toContain('<a href="https://ci.example/1" rel="noreferrer">checkout &lt;1.4.2&gt;</a>')
})
