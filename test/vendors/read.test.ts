import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { statusFormats, type StatusFormat } from '../../src/config/document/vendor-status.ts'
import { readVendorDocument } from '../../src/vendors/read.ts'
import { vendorStates, type VendorSays } from '../../src/vendors/said.ts'

const now = Date.parse('2026-11-20T12:00:00Z')

function recorded(name: string): Buffer {
  return readFileSync(join(import.meta.dirname, 'documents', name))
}

function read(
  body: Buffer | string,
  components: readonly string[] = [],
  format?: StatusFormat,
): Promise<VendorSays> {
  return readVendorDocument(Buffer.from(body), { components, now, ...(format && { format }) })
}

interface Case {
  readonly file: string
  readonly format: StatusFormat
  readonly state: string
  /** Title, state and beginning of what goes on. */
  readonly incidents: readonly string[]
  /** What the page says of single components. */
  readonly components?: Readonly<Record<string, string>>
}

const cases: readonly Case[] = [
  {
    file: 'statuspage.json',
    format: 'statuspage',
    state: 'partial_outage',
    incidents: [
      'Elevated error rates of the API: partial_outage since 2026-11-20T11:31:00.000Z',
      'Webhook queue upgrade: maintenance since 2026-11-20T10:00:00.000Z',
    ],
    components: { API: 'partial_outage', dashboard: 'operational', '4kz1m0c2d8rt': 'maintenance' },
  },
  {
    file: 'instatus.json',
    format: 'instatus',
    state: 'partial_outage',
    incidents: ['Delayed delivery: partial_outage since 2026-11-20T11:20:00.000Z'],
  },
  {
    file: 'betterstack.json',
    format: 'betterstack',
    state: 'major_outage',
    incidents: ['Queries fail in one region: major_outage since 2026-11-20T11:42:00.000Z'],
    components: { 'Query API': 'major_outage', indexing: 'operational' },
  },
  {
    file: 'google.json',
    format: 'google',
    state: 'partial_outage',
    incidents: ['Elevated error rates in us-central1: partial_outage since 2026-11-20T10:51:00.000Z'],
    components: {
      'Google Cloud Storage': 'partial_outage',
      'iowa (us-central1)': 'partial_outage',
      'Cloud DNS': 'operational',
    },
  },
  {
    file: 'aws.json',
    format: 'aws',
    state: 'major_outage',
    incidents: [
      'Amazon Elastic Compute Cloud (N. Virginia): Increased API error rates: major_outage since 2026-11-20T11:30:00.000Z',
      'Amazon Simple Queue Service (Ireland): Delayed metrics: degraded since 2026-11-20T10:53:20.000Z',
    ],
    components: { 'ec2-us-east-1': 'major_outage', Ireland: 'degraded', 's3-eu-west-1': 'operational' },
  },
  {
    file: 'feed.rss',
    format: 'feed',
    state: 'partial_outage',
    incidents: ['API outage & slow logins: partial_outage since 2026-11-20T11:55:00.000Z'],
    components: { api: 'partial_outage', exports: 'operational' },
  },
  {
    file: 'feed.atom',
    format: 'feed',
    state: 'degraded',
    incidents: ['Delayed webhooks: degraded since 2026-11-20T11:58:00.000Z'],
  },
]

describe.each(cases)('$file', ({ file, format, state, incidents, components = {} }) => {
  it.each([format, undefined])('is read, with the format %s', async (given) => {
    const said = await read(recorded(file), [], given)
    expect(said.state).toBe(state)
    expect(
      said.incidents.map((one) => `${one.title}: ${one.state} since ${one.startedAt?.toISOString()}`),
    ).toEqual(incidents)
  })

  it('says what it says of single components', async () => {
    for (const [name, expected] of Object.entries(components))
      expect((await read(recorded(file), [name])).state, name).toBe(expected)
  })
})

it('every format has a recorded document', () => {
  expect(new Set(cases.map(({ format }) => format))).toEqual(new Set(Object.keys(statusFormats)))
})

it('AWS writes in UTF-16, and an empty list says that nothing goes on', async () => {
  const utf16 = Buffer.concat([
    Buffer.from([0xff, 0xfe]),
    Buffer.from(recorded('aws.json').toString(), 'utf16le'),
  ])
  expect((await read(utf16)).state).toBe('major_outage')
  expect(await read('[]')).toEqual({ state: 'operational', incidents: [] })
})

it('a component that the page does not have is not taken for one that works', async () => {
  await expect(read(recorded('statuspage.json'), ['API', 'Tokens'])).rejects.toThrow(
    'the page has no component "Tokens"',
  )
  await expect(read(recorded('instatus.json'), ['API'])).rejects.toThrow('this format lists no components')
})

const deep = '['.repeat(200_000)
const manyEntities = `<!DOCTYPE lolz [<!ENTITY a "${'a'.repeat(1000)}"><!ENTITY b "${'&a;'.repeat(1000)}">]><rss><channel><item><title>&b;</title><pubDate>Fri, 20 Nov 2026 11:55:00 +0000</pubDate></item></channel></rss>`

describe('hostile documents', () => {
  it.each<[what: string, body: string, says: RegExp]>([
    ['an empty one', '', /neither JSON nor XML/],
    [
      'a page for people',
      '<!doctype html><html><p>All good<br></html>',
      /not well-formed XML|neither RSS nor Atom/,
    ],
    ['XML that is no feed', '<svg></svg>', /neither RSS nor Atom: it begins with <svg>/],
    ['JSON of something else', '{"hello":"world"}', /none of the known formats/],
    ['null', 'null', /none of the known formats/],
    ['a Statuspage of another shape', '{"status":{"indicator":1}}', /not in the format: status\.indicator/],
    ['deep JSON', deep, /neither JSON nor XML|cannot be read/],
    ['deep XML', '<a>'.repeat(200_000), /nested too deeply|not well-formed XML: Missing/],
    ['a feed that is too large', `<rss>${' '.repeat(3 * 1024 * 1024)}</rss>`, /larger than 2 MiB/],
  ])('%s is refused', async (_what, body, message) => {
    await expect(read(body)).rejects.toThrow(message)
  })

  it('entities of their own are not resolved', async () => {
    const { incidents } = await read(manyEntities)
    expect(incidents.map(({ title }) => title)).toEqual(['&b;'])
  })

  it('what they say is bounded, and has no control characters', async () => {
    const one = { name: `\u202e${'x'.repeat(5000)}\n`, status: 'investigating', impact: 'minor' }
    const body = JSON.stringify({
      status: { indicator: 'minor' },
      incidents: Array.from({ length: 1000 }, () => one),
    })
    const { incidents } = await read(body)
    expect(incidents).toHaveLength(20)
    expect(incidents[0]?.title).toMatch(/^x{199}…$/)
  })

  it('a state that is not known is trouble, not health', async () => {
    for (const body of [
      '{"status":{"indicator":"purple"}}',
      '{"data":{"type":"status_page","attributes":{"aggregate_state":"purple"}}}',
    ])
      expect(vendorStates.indexOf((await read(body)).state)).toBeGreaterThan(0)
  })
})
