import { describe, expect, it } from 'vitest'
import { locationsLine, locationsTable } from '../../src/web/pages/parts/locations.ts'
import type { LocationPast, LocationStatus } from '../../src/web/status/location.ts'
import type { TargetStatus } from '../../src/web/status/status.ts'
import { aTarget } from '../support/target.ts'
import { ago, aPast, aSource, aStore, failedCheck, now, passed, type SourceParts } from './support.ts'

const from = (location: string, seconds: number, overrides: Partial<LocationPast> = {}): LocationPast => ({
  location,
  at: ago(seconds),
  success: true,
  durationSeconds: 0.1,
  last24h: 1,
  p50Seconds: 0.1,
  ...overrides,
})
const down = { success: false, reason: 'timeout', message: 'no answer within 5 s' }

async function seen(
  places: readonly LocationPast[],
  parts: Omit<SourceParts, 'targets' | 'past'> = {},
): Promise<TargetStatus['locations']> {
  const past = aStore({ shop: aPast() }, { locations: () => Promise.resolve(new Map([['shop', places]])) })
  const source = aSource({ targets: [aTarget()], past, location: 'here', ...parts })
  const [status] = await source.overview()
  expect((await source.target('shop'))?.locations).toEqual(status?.locations)
  return status?.locations
}

describe('a target that is checked from several locations', () => {
  it('is up, down or not checked any more from each', async () => {
    const locations = await seen([from('ams', 20), from('fra', 10, down), from('nyc', 90), from('sin', 91)])
    expect(locations?.map(({ location, state }) => [location, state])).toEqual([
      ['ams', 'up'],
      ['fra', 'down'],
      ['nyc', 'up'],
      ['sin', 'silent'],
    ])
    expect(locations?.[1]).toMatchObject({ reason: 'timeout', message: 'no answer within 5 s' })
  })

  it('has what this process has seen since, of its own location', async () => {
    const places = [from('ams', 20), from('here', 20)]
    expect((await seen(places, { checks: { shop: [failedCheck(5)] } }))?.[1]).toMatchObject({
      state: 'down',
      at: ago(5),
      message: 'expected 2xx, got 503',
    })
    const recovered = await seen([from('ams', 20), from('here', 20, down)], { checks: { shop: [passed(5)] } })
    expect(recovered?.[1]).toMatchObject({ state: 'up', at: ago(5) })
    expect(recovered?.[1]).not.toHaveProperty('message')
  })

  it('shows no secret that a check from elsewhere has quoted', async () => {
    const secret = { ...aTarget(), secrets: ['s3cret-value'] }
    const past = aStore(
      { shop: aPast() },
      {
        locations: () =>
          Promise.resolve(
            new Map([['shop', [from('a', 1), from('b', 1, { ...down, message: 'got s3cret-value' })]]]),
          ),
      },
    )
    const [status] = await aSource({ targets: [secret], past }).overview()
    expect(JSON.stringify(status)).not.toContain('s3cret-value')
  })

  it('says nothing of locations where there is one, or where the history does not answer', async () => {
    expect(await seen([from('here', 5)])).toBeUndefined()
    expect(await seen([])).toBeUndefined()
    const past = aStore({ shop: aPast() }, { locations: () => Promise.reject(new Error('away')) })
    const source = aSource({ targets: [aTarget()], past })
    expect((await source.overview())[0]).not.toHaveProperty('locations')
    expect(source.history()).toBe('unavailable')
  })
})

it('a target that fails from the same locations as others says so, if it works from elsewhere', async () => {
  const names = ['shop', 'pay', 'api', 'all', 'well']
  const elsewhere = [from('fra', 10, down), from('here', 10)]
  const places = new Map(names.map((name) => [name, elsewhere]))
  places.set('all', [from('fra', 10, down), from('here', 10, down)])
  places.set('well', [from('fra', 10), from('here', 10)])
  const store = aStore(Object.fromEntries(names.map((name) => [name, aPast()])), {
    locations: () => Promise.resolve(places),
  })
  const source = aSource({ targets: names.map((name) => aTarget({ name })), past: store, location: 'here' })
  const shared = await Promise.all(names.map(async (name) => (await source.target(name))?.shared))
  const words = '3 of the 4 that fail do so only from fra'
  expect(shared).toEqual([words, words, words, undefined, undefined])
  places.delete('all')
  places.delete('pay')
  places.delete('api')
  expect((await source.target('shop'))?.shared).toBeUndefined()
})

describe('the line of a target', () => {
  const states = (...of: LocationStatus['state'][]): LocationStatus[] =>
    of.map((state, index) => ({ ...from(`l${index}`, 5), state }))

  it.each<[LocationStatus[], string]>([
    [[], ''],
    [states('up', 'up'), 'up from both locations'],
    [states('down', 'down'), 'down from both locations'],
    [states('up', 'up', 'up'), 'up from all 3 locations'],
    [states('up', 'down', 'up'), 'down from 1 of 3 locations: l1'],
    [
      states('down', 'silent', 'up'),
      'down from 1 of 3 locations: l0; not checked any more from 1 of 3 locations: l1',
    ],
    [states('down', 'down', 'down', 'down', 'up'), 'down from 4 of 5 locations'],
  ])('%# is short', (locations, words) => {
    expect(locationsLine(locations)).toBe(words)
  })
})

it('is a table with the fastest and the slowest of those that are up', () => {
  const locations: LocationStatus[] = [
    { ...from('ams', 5, { p50Seconds: 0.05 }), state: 'up' },
    { ...from('fra', 5, { p50Seconds: 0.5 }), state: 'up' },
    { ...from('<b>', 5, { p50Seconds: 0.01, ...down, message: '<i>' }), state: 'down' },
  ]
  const table = locationsTable(locations, new Date(now))
  const { markup } = table === '' ? { markup: '' } : table
  expect(markup.match(/ams[\s\S]*?fastest/)).not.toBeNull()
  expect(markup.match(/fra[\s\S]*?slowest/)).not.toBeNull()
  expect(markup.match(/fastest|slowest/g)).toHaveLength(2)
  expect(markup).toContain('&lt;i&gt;')
  expect(markup).not.toMatch(/<b>|<i>/)
})
