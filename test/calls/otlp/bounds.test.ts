import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import express from 'express'
import fc from 'fast-check'
import { createCollector, type Collector } from '../../../src/calls/collector.ts'
import { callsRoute } from '../../../src/calls/http.ts'
import { HeldBodies } from '../../../src/calls/held-bodies.ts'
import { decodeJson } from '../../../src/calls/otlp/decode-json.ts'
import { decodeProtobuf } from '../../../src/calls/otlp/decode-protobuf.ts'
import { bytesField, varintField } from '../../../src/calls/otlp/protobuf.ts'
import { createIntake } from '../../../src/calls/otlp/intake.ts'
import { otlpRoute } from '../../../src/calls/otlp/route.ts'
import { bounds, Work } from '../../../src/calls/otlp/work.ts'
import { listenHttp, type Listening } from '../../../src/lib/http/listen.ts'
import { inSlices } from '../../../src/lib/time/slices.ts'
import { partOf, proveAll } from '../../support/proof.ts'
import { sample } from '../support/calls.ts'

let collector: Collector
let server: Listening

beforeEach(async () => {
  collector = createCollector({ clock: { now: () => 0, monotonic: () => 0 } })
  const bodies = new HeldBodies()
  const app = express()
    .use(otlpRoute(createIntake(collector), bodies))
    .use(callsRoute(collector, bodies))
  server = await listenHttp(app, { host: '127.0.0.1', port: 0 })
})

afterEach(async () => {
  await server.stop()
})

async function post(type: string, body: string | Uint8Array): Promise<{ status: number; text: string }> {
  const response = await fetch(`${server.url}/v1/traces`, {
    method: 'POST',
    body: new Uint8Array(gzipSync(body)),
    headers: { 'Content-Type': type, 'Content-Encoding': 'gzip' },
  })
  return { status: response.status, text: await response.text() }
}

const protobuf = 'application/x-protobuf'
const accepted = (): number | undefined =>
  sample([...collector.metrics()].join(''), 'api_call_messages_total{protocol="otlp",result="accepted"}')

const attribute = (at: number, key: string, value: string): Uint8Array =>
  bytesField(at, Buffer.concat([bytesField(1, key), bytesField(2, bytesField(1, value))]))
const fixed64 = (at: number, value: bigint): Uint8Array => {
  const bytes = Buffer.alloc(9)
  bytes[0] = at * 8 + 1
  bytes.writeBigUInt64LE(value, 1)
  return bytes
}
/** As an SDK writes one, with what every agent adds. */
const aSpan = bytesField(
  2,
  Buffer.concat([
    bytesField(1, Buffer.alloc(16, 1)),
    bytesField(2, Buffer.alloc(8, 2)),
    bytesField(5, 'POST'),
    varintField(6, 3),
    fixed64(7, 1_760_000_000_000_000_000n),
    fixed64(8, 1_760_000_000_150_000_000n),
    attribute(9, 'http.request.method', 'POST'),
    attribute(9, 'url.full', `https://api.stripe.com/v1/charges?${'q'.repeat(200)}`),
    ...Array.from({ length: 15 }, (_, i) => attribute(9, `app.attribute.${i}`, 'a value of some length')),
  ]),
)
const batch = (spans: readonly Uint8Array[], resource: Uint8Array = new Uint8Array()): Buffer =>
  Buffer.from(bytesField(1, Buffer.concat([bytesField(1, resource), bytesField(2, Buffer.concat(spans))])))
/** How much of each: nearly all that a request may have, or enough to pass every bound. */
const share = proveAll ? 1 : 0.2
const times = (text: string, most: number): string => text.repeat(most * share)
/** Fields of two bytes each, 7.8 MB of them at most. */
const empties = (field: number): Buffer => Buffer.alloc(7.8e6 * share, Uint8Array.of(field * 8 + 2, 0))

describe('the spans of one request', () => {
  it.each([512, 8192])('may be %d, as those of an exporter are', async (count) => {
    expect(await post(protobuf, batch(Array<Uint8Array>(count).fill(aSpan)))).toEqual({
      status: 200,
      text: '',
    })
    expect(accepted()).toBe(count)
  })

  it.each([
    ['millions of empty spans', () => bytesField(1, bytesField(2, empties(2)))],
    ['millions of empty scopes', () => bytesField(1, empties(2))],
    ['millions of empty resources', () => empties(1)],
    ['millions of unknown fields', () => empties(9)],
    ['a span of unknown fields', () => batch([bytesField(2, empties(12))])],
    ['a span of empty attributes', () => batch([bytesField(2, empties(9))])],
    ['an attribute of unknown fields', () => batch([bytesField(2, bytesField(9, empties(7)))])],
    ['a resource of empty attributes', () => batch([aSpan], empties(1))],
    ['a status of unknown fields', () => batch([bytesField(2, bytesField(15, empties(7)))])],
  ])('are refused with the words of the bound: %s', async (_what, body) => {
    const { status, text } = await post(protobuf, body())
    expect(status).toBe(413)
    expect(text).toMatch(/may have at most [\d,]+ (?:spans|(?:resources, scopes and other )?fields)$/)
    expect(accepted()).toBe(0)
  })

  it('are all refused where one is too many', async () => {
    const spans = Array<Uint8Array>(bounds.spans).fill(bytesField(2, varintField(6, 1)))
    expect((await post(protobuf, batch([aSpan, ...spans]))).status).toBe(413)
    expect(accepted()).toBe(0)
    expect((await post(protobuf, batch([aSpan, ...spans.slice(1)]))).status).toBe(200)
    expect(accepted()).toBe(1)
  })

  it('do not multiply the name of their program', async () => {
    const seen: number[] = []
    collector.onCall(({ call }) => seen.push(call.caller.length))
    const resource = attribute(1, 'service.name', 'n'.repeat(4_000_000))
    expect((await post(protobuf, batch(Array<Uint8Array>(1000).fill(aSpan), resource))).status).toBe(200)
    expect(new Set(seen)).toEqual(new Set([100]))
    expect(seen).toHaveLength(1000)
  })
})

describe('the spans of one request in JSON', () => {
  const parts = 'at most 262,144 resources, scopes and other fields'
  const list = (spans: string): string => `{"resourceSpans":[{"scopeSpans":[{"spans":[${spans}]}]}]}`

  it.each([
    ['millions of spans', () => list(times('{},', 2_600_000) + '{}'), 'at most 32,768 spans'],
    ['millions of resources', () => `{"resourceSpans":[${times('{},', 2_600_000)}{}]}`, parts],
    ['millions of scopes', () => `{"resourceSpans":[{"scopeSpans":[${times('0,', 3_900_000)}0]}]}`, parts],
    ['millions of members', () => `{${times('"":0,', 1_500_000)}"":0}`, parts],
    ['millions of empty lists', () => `{${'"resourceSpans":[],'.repeat(410_000)}"":0}`, parts],
    ['millions of spaces', () => `{"resourceSpans":[${times(' ', 7_900_000)}]}`, 'at most 262,144 bytes'],
    ['one huge span', () => list(`{"a":[${times('1,', 3_900_000)}1]}`), 'at most 262,144 bytes'],
    ['something else that is huge', () => `{"a":[${times('[],', 2_600_000)}1]}`, 'at most 262,144 bytes'],
    ['a deep one', () => times('[', 7_900_000), 'at most 262,144 bytes'],
    ['a text of quotes', () => list(`"${times('\\"', 3_900_000)}"`), 'at most 262,144 bytes'],
    ['a huge text', () => list(`"${times('x', 7_900_000)}"`), 'at most 262,144 bytes'],
  ])('are refused with the words of the bound: %s', async (_what, body, words) => {
    const { status, text } = await post('application/json', body())
    expect(status).toBe(413)
    expect(text).toContain(words)
  })

  it.each([
    '',
    '{',
    '{"resourceSpans":[{}',
    '{"resourceSpans":[{}]',
    '{"resourceSpans":[{} {}]}',
    '{"resourceSpans":[],}',
    '{"resourceSpans" []}',
    '{1:2}',
    '{} {}',
    '{"a":nope}',
    '{"a":"x',
  ])('that are not JSON are refused: %j', async (body) => {
    expect((await post('application/json', body)).status).toBe(400)
  })

  it('are those that the document has, wherever the resource stands and whatever else there is', () => {
    const noise = fc.jsonValue({ maxDepth: 3 })
    const span = fc.record({ kind: fc.constantFrom(1, 3), noise })
    const program = fc.record({
      name: fc.string(),
      scopes: fc.array(fc.array(span)),
      noise,
      order: fc.nat(2),
    })
    const written = ({ name, scopes, noise: other, order }: Made): object => {
      const members: [string, unknown][] = [
        ['resource', { attributes: [{ key: 'service.name', value: { stringValue: name } }] }],
        ['scopeSpans', scopes.map((spans) => ({ other, spans, more: other }))],
        ['other "\\ [{', other],
      ]
      return Object.fromEntries([...members.slice(order), ...members.slice(0, order)])
    }
    type Made = typeof program extends fc.Arbitrary<infer T> ? T : never
    fc.assert(
      fc.property(fc.array(program), noise, fc.constantFrom(0, 1), (programs, other, indent) => {
        const document = { other, resourceSpans: programs.map(written), 'more}': other }
        const text = Buffer.from(JSON.stringify(document, null, indent))
        const read = [...decodeJson(text, new Work())].flatMap((one) => one ?? [])
        expect(read.map((one) => [one.resource.get('service.name'), one.span.kind])).toEqual(
          programs.flatMap(({ name, scopes }) => scopes.flat().map(({ kind }) => [name, kind])),
        )
      }),
      { numRuns: partOf(100, 4) },
    )
  })
})

describe('whatever a request is made of', () => {
  const many = 1000
  const small = (field: number): Buffer => Buffer.alloc(2 * many, Uint8Array.of(field * 8 + 2, 0))

  it.each([
    ['resources', decodeProtobuf, small(1)],
    ['unknown fields', decodeProtobuf, small(9)],
    ['scopes', decodeProtobuf, bytesField(1, small(2))],
    ['unknown fields of a resource', decodeProtobuf, bytesField(1, small(9))],
    ['spans', decodeProtobuf, bytesField(1, bytesField(2, small(2)))],
    ['unknown fields of a scope', decodeProtobuf, bytesField(1, bytesField(2, small(9)))],
    ['resources in JSON', decodeJson, Buffer.from(`{"resourceSpans":[${'{},'.repeat(many)}0]}`)],
    ['scopes in JSON', decodeJson, Buffer.from(`{"resourceSpans":[{"scopeSpans":[${'0,'.repeat(many)}0]}]}`)],
    ['members in JSON', decodeJson, Buffer.from(`{${'"":0,'.repeat(many)}"":0}`)],
    ['empty lists in JSON', decodeJson, Buffer.from(`{${'"resourceSpans":[],'.repeat(many)}"":0}`)],
  ])('others have their turn between: %s', (_what, decode, bytes) => {
    expect([...decode(bytes, new Work())].length).toBeGreaterThanOrEqual(many)
  })
})

describe('requests with calls', () => {
  it('of lines that are none are counted, all of them', async () => {
    const lines = async (body: string): Promise<unknown> =>
      (await fetch(`${server.url}/api/v1/calls`, { method: 'POST', body })).json()
    const none = { accepted: 0, malformed: 0, unknown_version: 0, too_long: 0 }
    expect(await lines('x\n'.repeat(400_000))).toEqual({ ...none, malformed: 400_000 })
    expect(await lines('x\v'.repeat(400_000))).toEqual({ ...none, malformed: 400_000 })
    expect(await lines(`${'x'.repeat(70_000)}\n3\n`)).toEqual({ ...none, too_long: 1, unknown_version: 1 })
    const call = '2\tGET\thttps://api.example/v1\t12\n'
    expect(await lines(call.repeat(20_000))).toEqual({ ...none, accepted: 20_000 })
  })
})

describe('work in slices', () => {
  it('lets others have their turn every ten milliseconds, and does everything in order', async () => {
    let now = 0
    const done: (number | string)[] = []
    const items = Array.from({ length: 25 }, (_, i) => i)
    const work = inSlices(
      items,
      (item) => {
        now += 1
        done.push(item)
        if (item % 10 === 0) setImmediate(() => done.push('other'))
      },
      () => now,
    )
    await work
    expect(done.filter((one) => one !== 'other')).toEqual(items)
    expect([done.indexOf('other'), done.lastIndexOf('other')]).toEqual([10, 21])
  })
})
