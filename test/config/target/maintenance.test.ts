import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import type { Config } from '../../../src/config/config.ts'
import { parseConfig } from '../../../src/config/load/load.ts'
import { toWindow } from '../../../src/config/document/maintenance.ts'
import { maintenanceEnd } from '../../../src/config/target/maintenance.ts'
import { renderProbe } from '../../../src/metrics/render.ts'
import { aResult } from '../../support/target.ts'

function load(text: string): Config {
  return parseConfig(
    { sources: [{ file: 'targets.yml', text }], directory: '/nowhere', files: [] },
    { env: {} },
  )
}

const seconds = (iso: string): number => Date.parse(iso) / 1000

/** The time on the clocks of a zone, as `2026-12-01T22:00:00`. */
function localTime(at: number, zone: string): string {
  return formats
    .get(zone)!
    .format(at * 1000)
    .replace(' ', 'T')
}

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
]
const formats = new Map(
  zones.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }),
  ]),
)
const moment = fc.integer({ min: seconds('2026-01-01T00:00Z') / 60, max: seconds('2028-01-01T00:00Z') / 60 })

describe('the promise of a vendor', () => {
  it.each([
    ['{ sla: 99.9%, sla_excludes_maintenance: true }', true],
    ['{ sla: 99.9%, sla_excludes_maintenance: false }', false],
    ['{ sla: 99.9% }', undefined],
  ])('%s is without maintenance: %s', (written, expected) => {
    const { vendors } = load(`vendors: { acme: ${written} }\ntargets: [https://a.example.com]`)
    expect(vendors.get('acme')?.slaExcludesMaintenance).toBe(expected)
  })
})

describe('a maintenance of one time', () => {
  it('lasts from one local time to the other, whatever the clocks do between', () => {
    fc.assert(
      fc.property(
        moment,
        fc.integer({ min: 1, max: 5000 }),
        fc.constantFrom(...zones),
        (start, length, zone) => {
          const [begin, end] = [start * 60, (start + length) * 60]
          const [from, to] = [localTime(begin, zone), localTime(end, zone)]
          const window = toWindow({ from, to, timezone: zone })
          // In the hour that the clocks repeat, either of two moments has the same name.
          const first = (at: number): boolean =>
            [1800, 3600, 86_400].every((back) => localTime(at - back, zone) !== localTime(at, zone))
          fc.pre(first(begin) && first(end))
          expect([begin - 1, begin, end - 1, end].map(window.endAt)).toEqual([undefined, end, end, undefined])
        },
      ),
    )
  })
})

describe('a maintenance that comes again', () => {
  it('begins at its local time on every day, and lasts as long on each', () => {
    fc.assert(
      fc.property(
        moment,
        fc.nat(23),
        fc.nat(59),
        fc.integer({ min: 1, max: 23 * 60 }),
        fc.constantFrom(...zones),
        (at, hour, minute, duration, zone) => {
          const window = toWindow({
            schedule: `${minute} ${hour} * * *`,
            duration: duration * 60,
            timezone: zone,
          })
          const end = window.endAt(at * 60)
          // It began within its duration: at that local time, or where the clocks skip it, when they do.
          const wanted = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00`
          const begins = Array.from({ length: duration }, (_, back) => (at - back) * 60).find(
            (candidate) => localTime(candidate, zone).slice(11) === wanted,
          )
          if (end === undefined) expect(begins).toBeUndefined()
          else if (begins !== undefined) expect(end - duration * 60).toBe(begins)
          else expect(localTime(end - duration * 60 - 1, zone).slice(11)).not.toBe(wanted)
        },
      ),
    )
  })

  it.each([
    ['before the clocks go forward', '2027-03-27T00:59:59Z', undefined],
    ['on the day before', '2027-03-27T01:30:00Z', '2027-03-27T02:30:00.000Z'],
    ['on the day when 02:30 is skipped', '2027-03-28T01:30:00Z', '2027-03-28T02:00:00.000Z'],
    ['on the day after', '2027-03-29T00:30:00Z', '2027-03-29T01:30:00.000Z'],
    [
      'on the day when 02:30 is there twice, the first time',
      '2027-10-31T00:30:00Z',
      '2027-10-31T01:30:00.000Z',
    ],
    ['and not the second time', '2027-10-31T01:30:00Z', undefined],
  ])('%s', (_name, at, end) => {
    const window = toWindow({ schedule: '30 2 * * *', duration: 3600, timezone: 'Europe/Berlin' })
    const found = window.endAt(seconds(at))
    expect(found === undefined ? undefined : new Date(found * 1000).toISOString()).toBe(end)
  })

  it('says the same whatever was asked before', () => {
    const make = () => toWindow({ schedule: '0 3 * * 0', duration: 7200, timezone: 'Europe/Berlin' })
    fc.assert(
      fc.property(fc.array(moment, { minLength: 1, maxLength: 10 }), (moments) => {
        const window = make()
        for (const at of moments) expect(window.endAt(at * 60)).toBe(make().endAt(at * 60))
      }),
    )
  })
})

describe('maintenance in targets.yml', () => {
  const config = load(`
maintenance:
  - { match: { vendor: acme }, schedule: 0 22 * * 6, duration: 2h }
  - { targets: shop, from: "2026-12-01T22:00", to: "2026-12-02T02:00", timezone: Europe/Berlin }
  - { from: 2026-12-24T00:00, to: 2026-12-27T00:00 }
targets:
  - { name: shop, url: https://a.example.com }
  - { name: acme, url: https://b.example.com, labels: { vendor: acme }, maintenance: [{ schedule: 0 4 * * *, duration: 30m }] }
  - { name: other, url: https://c.example.com }
`)
  const endOf = (name: string, at: string): string | undefined => {
    const end = maintenanceEnd(config.target(name)?.maintenance, seconds(at))
    return end === undefined ? undefined : new Date(end * 1000).toISOString()
  }

  it('holds for the targets that it names, for those that match, or for all', () => {
    expect(endOf('shop', '2026-12-01T21:00:00Z')).toBe('2026-12-02T01:00:00.000Z')
    expect(endOf('acme', '2026-12-01T21:00:00Z')).toBeUndefined()
    expect(endOf('acme', '2026-11-21T22:30:00Z')).toBe('2026-11-22T00:00:00.000Z')
    expect(endOf('other', '2026-11-21T22:30:00Z')).toBeUndefined()
    expect(endOf('other', '2026-12-25T00:00:00Z')).toBe('2026-12-27T00:00:00.000Z')
  })

  it("comes on top of the target's own; the latest end counts", () => {
    expect(endOf('acme', '2026-11-21T04:10:00Z')).toBe('2026-11-21T04:30:00.000Z')
    expect(endOf('acme', '2026-12-25T04:10:00Z')).toBe('2026-12-27T00:00:00.000Z')
  })

  it('is on the answer of /probe while a check is made in it', () => {
    const text = (at: string): string | undefined =>
      renderProbe({
        target: config.target('shop')!,
        result: aResult({ startedAt: new Date(at) }),
        timeoutSeconds: 10,
      }).match(/^probe_target_maintenance.*$/m)?.[0]
    const end = seconds('2026-12-02T01:00:00Z')
    expect(text('2026-12-02T00:59:59Z')).toBe(`probe_target_maintenance_end_timestamp_seconds ${end}`)
    expect(text('2026-12-02T01:00:00Z')).toBeUndefined()
  })
})
