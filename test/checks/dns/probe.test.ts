import { failureReasons, type FailureReason } from '../../../src/net/failure.ts'
import { afterEach, describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { renderProbe } from '../../../src/metrics/render.ts'
import { createDnsProber } from '../../../src/checks/dns/probe.ts'
import { type ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { createCertificate } from '../../support/certificates.ts'
import { checkOf } from '../../support/checks.ts'
import { ampleSeconds, slackSeconds } from '../../support/time/patience.ts'
import {
  answerTo,
  askedFor,
  data,
  framed,
  startDnsServer,
  uint16,
  type DnsServer,
  type DnsServerOptions,
  type TestAnswer,
  type TestRecord,
  wireName,
} from '../../support/servers/dns-server.ts'
import { aTarget } from '../../support/target.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const authority = createCertificate({ name: 'Test authority', isAuthority: true })
const certificate = createCertificate({ name: 'resolver', ip: ['127.0.0.1'], issuer: authority })
const prober = createDnsProber({
  authorities: [authority.cert],
  systemServers: () => [server?.address ?? ''],
})

let server: DnsServer | undefined
afterEach(async () => {
  await server?.stop()
})

type Keys = Readonly<Record<string, unknown>>

async function run(keys: Keys, timeoutSeconds = ampleSeconds): Promise<ProbeResult> {
  return runProbe(checkOf('dns', { dns: 'shop.example', ...keys }), {
    timeoutSeconds,
    probers: { dns: () => Promise.resolve(prober) },
  })
}

async function probe(
  options: DnsServerOptions,
  keys: Keys = {},
  timeoutSeconds?: number,
): Promise<ProbeResult> {
  server = await startDnsServer(options)
  const result = await run({ server: server.address, ...keys }, timeoutSeconds)
  await waitFor('the probe to leave no connection behind', () => server?.connections() === 0)
  return result
}

const overUdp = (answer: TestAnswer): DnsServerOptions => ({ udp: (query) => [answerTo(query, answer)] })
const overTcp = (answer: TestAnswer): DnsServerOptions => ({
  tcp: (query) => framed(answerTo(query, answer)),
})

const two = {
  answer: [
    { type: 15, data: data.mx(10, 'mx1.example') },
    { type: 15, data: data.mx(20, 'mx2.example') },
  ],
}
const judge = (expected: Keys, answer: TestAnswer = two): Promise<ProbeResult> =>
  probe(overUdp(answer), { type: 'MX', expect: expected })

describe('the DNS prober', () => {
  it('asks over UDP and counts the records', async () => {
    const one = { type: 1, data: data.a('10.0.0.1') }
    const result = await probe(overUdp({ answer: [one, one], authority: [one], additional: [one, one, one] }))
    expect(result).toMatchObject({
      success: true,
      resolve: { address: '127.0.0.1' },
      dns: { answered: true, answerRecords: 2, authorityRecords: 1, additionalRecords: 3 },
    })
    expect(result.dns).not.toHaveProperty('serial')
    expect(result.dns!.phases.request).toBeGreaterThan(0)
    expect(server!.queries.map(({ over, bytes }) => [over, askedFor(bytes)])).toEqual([
      ['udp', { name: 'shop.example', type: 1 }],
    ])
  })

  it('asks the server of the machine where none is written', async () => {
    server = await startDnsServer(overUdp(two))
    expect(await run({ type: 'MX' })).toMatchObject({ success: true, dns: { answered: true } })
    expect(server.queries).toHaveLength(1)
  })

  it('asks over TCP, and measures the connection', async () => {
    const result = await probe(overTcp(two), { type: 'MX', transport: 'tcp' })
    expect(result).toMatchObject({ success: true, dns: { answerRecords: 2 } })
    expect(result.dns!.phases.connect).toBeGreaterThan(0)
    expect(server!.queries.map(({ over }) => over)).toEqual(['tcp'])
  })

  it('asks again over TCP where an answer does not fit into a datagram', async () => {
    const result = await probe(
      { ...overTcp(two), udp: (query) => [answerTo(query, { truncated: true })] },
      { type: 'MX' },
    )
    expect(result).toMatchObject({ success: true, dns: { answerRecords: 2 } })
    expect(server!.queries.map(({ over }) => over)).toEqual(['udp', 'tcp'])
  })

  it('asks over TLS, and verifies the server', async () => {
    const result = await probe({ ...overTcp(two), tls: certificate }, { type: 'MX', transport: 'dot' })
    expect(result).toMatchObject({ success: true, dns: { answerRecords: 2 }, tls: { verified: true } })
  })

  it('waits for the true answer among false ones', async () => {
    const result = await probe(
      {
        udp: (query) => {
          const forged = answerTo(query, { rcode: 3 })
          forged.writeUInt16BE(query.readUInt16BE() ^ 1)
          const other = answerTo(query, { rcode: 3 })
          other[13] = 0x58
          return [Buffer.from('garbage'), forged, other, query, answerTo(query, two)]
        },
      },
      { type: 'MX' },
    )
    expect(result).toMatchObject({ success: true, dns: { answerRecords: 2 } })
  })

  it('does not listen to another address', async () => {
    const stranger = createSocket('udp4')
    stranger.bind(0, '127.0.0.1')
    await once(stranger, 'listening')
    server = await startDnsServer({})
    const probing = run({ server: server.address }, 0.3)
    await waitFor('the question', () => (server?.queries.length ?? 0) > 0)
    stranger.send(answerTo(server.queries[0]!.bytes, two), Number(server.address.split(':')[1]), '127.0.0.1')
    expect((await probing).failure).toMatchObject({ reason: 'timeout' })
    stranger.close()
  })

  it('tells the serial number of a zone, and zero where the answer has none', async () => {
    const found = await probe(overUdp({ answer: [{ type: 6, data: data.soa(2026112101) }] }), { type: 'SOA' })
    expect(found.dns!.serial).toBe(2026112101)
    await server!.stop()
    expect((await probe(overUdp({}), { type: 'SOA' })).dns!.serial).toBe(0)
  })

  it('asks for the name of an address in reverse', async () => {
    await probe(overUdp({}), { dns: '192.0.2.7', type: 'PTR' })
    expect(askedFor(server!.queries[0]!.bytes)).toEqual({ name: '7.2.0.192.in-addr.arpa', type: 12 })
  })

  it('renders what blackbox_exporter does', async () => {
    const result = await probe(overUdp({ answer: [{ type: 6, data: data.soa(7) }] }), { type: 'SOA' })
    const target = aTarget({ check: checkOf('dns', { dns: 'shop.example' }) })
    const lines = renderProbe({ target, result, timeoutSeconds: 1 })
      .split('\n')
      .filter((line) => line.startsWith('probe_dns_') || line.startsWith('probe_ip_'))
    expect(lines.map((line) => line.replace(/ 0\.\d+(e-\d+)?$/, ' SECONDS'))).toEqual([
      'probe_dns_lookup_time_seconds SECONDS',
      'probe_ip_protocol 4',
      'probe_ip_addr_hash 3668918509',
      'probe_dns_duration_seconds{phase="resolve"} SECONDS',
      'probe_dns_duration_seconds{phase="connect"} 0',
      'probe_dns_duration_seconds{phase="request"} SECONDS',
      'probe_dns_answer_rrs 1',
      'probe_dns_authority_rrs 0',
      'probe_dns_additional_rrs 0',
      'probe_dns_query_succeeded 1',
      'probe_dns_serial 7',
    ])
  })
})

describe('the rules of an answer', () => {
  it.each<[string, Keys]>([
    ['its code', { rcode: ['NXDOMAIN', 'NOERROR'] }],
    ['every record', { answer: { matches: ['\\tMX\\t', 'mx\\d\\.example\\.$'] } }],
    [
      'every record, if there is one',
      { answer: { matches_or_empty: 'MX' }, authority: { matches_or_empty: 'x' } },
    ],
    ['some record', { answer: { matches_one: ['never', ' mx2\\.'] } }],
    ['all of these', { answer: { matches_any: [' mx1\\.', ' mx2\\.', 'MX'] } }],
    ['no record', { answer: { not_matches: ['mx3'] }, additional: { not_matches: '.' } }],
    ['their number', { answer: { min_records: 2 } }],
  ])('hold for %s', async (_name, expected) => {
    expect((await judge(expected)).failure).toBeUndefined()
  })

  it.each<[string, Keys, FailureReason, string]>([
    ['its code', { rcode: 'NXDOMAIN' }, 'status', 'expected NXDOMAIN for shop.example. MX, got NOERROR'],
    [
      'a record that does not match',
      { answer: { matches: 'mx1' } },
      'body',
      'expected every MX record of the answer section to match "mx1", got "shop.example. 300 IN MX 20 mx2.example."',
    ],
    [
      'no records',
      { authority: { matches: 'x' } },
      'body',
      'expected records in the authority section that match "x", got none',
    ],
    [
      'a record that may not be there',
      { answer: { not_matches: ['a^', 'mx2'] } },
      'body',
      'expected no record of the answer section to match "mx2", got "shop.example. 300 IN MX 20 mx2.example."',
    ],
    [
      'none of the records',
      { answer: { matches_one: ['a^', 'mx3'] } },
      'body',
      'expected a record of the answer section that matches "a^" or "mx3", got "shop.example. 300 IN MX 10 mx1.example.", "shop.example. 300 IN MX 20 mx2.example."',
    ],
    [
      'one of these that is missing',
      { answer: { matches_any: ['mx1', 'mx2', 'mx3'] } },
      'body',
      'expected a record of the answer section that matches "mx3", got "shop.example. 300 IN MX 10 mx1.example.", "shop.example. 300 IN MX 20 mx2.example."',
    ],
    [
      'too few of them',
      { answer: { min_records: 3 } },
      'body',
      'expected at least 3 MX records in the answer section, got 2',
    ],
    [
      'one of several that does not match',
      { answer: { matches_or_empty: ['MX', 'mx1'] } },
      'body',
      'expected every MX record of the answer section to match "mx1", got "shop.example. 300 IN MX 20 mx2.example."',
    ],
  ])('tell %s', async (_name, expected, reason, message) => {
    const result = await judge(expected)
    expect(result.failure).toEqual({ reason, message })
    expect(result.dns!.answered).toBe(true)
  })
})

describe('an answer without what was asked for', () => {
  const alias: TestRecord = { type: 5, data: wireName('b.example') }
  const address: TestRecord = { name: 'b.example', type: 1, data: data.a('10.0.0.1') }
  const shown = '"shop.example. 300 IN CNAME b.example."'

  it.each<[string, TestAnswer, Keys, string]>([
    ['nothing', {}, {}, 'expected at least one A record in the answer section, got none'],
    [
      'only an alias',
      { answer: [alias] },
      {},
      `expected at least one A record in the answer section, got ${shown}`,
    ],
    [
      'only an alias, where a record should match',
      { answer: [alias] },
      { answer: { matches: '10\\.' } },
      `expected A records in the answer section that match "10\\.", got ${shown}`,
    ],
    [
      'nothing, in spite of a rule for what must not be there',
      {},
      { answer: { not_matches: 'x' } },
      'expected at least one A record in the answer section, got none',
    ],
  ])('is a failure: %s', async (_name, answer, expected, message) => {
    const result = await probe(overUdp(answer), { expect: expected })
    expect(result.failure).toEqual({ reason: 'body', message })
  })

  it.each<[string, TestAnswer, Keys]>([
    ['an alias before the record', { answer: [alias, address] }, {}],
    [
      'an alias before the record that matches',
      { answer: [alias, address] },
      { answer: { matches: '10\\.0' } },
    ],
    [
      'the target of the alias',
      { answer: [alias, address] },
      { answer: { matches_any: ['b\\.example\\.$'] } },
    ],
    ['nothing, where nothing is asked for', {}, { answer: { min_records: 0 } }],
    ['nothing, where records may be missing', {}, { answer: { matches_or_empty: 'x' } }],
    ['only another section, which is judged', { authority: [address] }, { authority: { matches: '10' } }],
    ['no such name, as expected', { rcode: 3 }, { rcode: 'NXDOMAIN' }],
    ['any type', { answer: [alias] }, { other_types: true }],
  ])('is none: %s', async (_name, answer, expected) => {
    expect((await probe(overUdp(answer), { expect: expected })).failure).toBeUndefined()
  })

  it('is none for ANY', async () => {
    expect((await probe(overUdp({ answer: [alias] }), { type: 'ANY' })).failure).toBeUndefined()
  })
})

describe('the DNS prober, over UDP', () => {
  it('asks again where a datagram is lost', async () => {
    let asked = 0
    const result = await probe(
      { udp: (query) => (asked++ === 0 ? [] : [answerTo(query, two)]) },
      { type: 'MX' },
    )
    expect(result).toMatchObject({ success: true, dns: { answerRecords: 2 } })
    const [first, second] = server!.queries
    expect(second?.bytes).toEqual(first?.bytes)
  })

  it('asks nothing when its name server is found after the probe has ended', async () => {
    server = await startDnsServer(overUdp(two))
    const port = server.address.split(':')[1]!
    let find: (addresses: string[]) => void = () => undefined
    const found = new Promise<string[]>((resolve) => {
      find = resolve
    })
    const check = checkOf('dns', { dns: 'shop.example', server: `slow.example:${port}` })
    const slow = createDnsProber({ lookup: () => found })
    const result = await runProbe(check, {
      timeoutSeconds: 0.1,
      probers: { dns: () => Promise.resolve(slow) },
    })
    expect(result.failure?.reason).toBe('timeout')
    find(['127.0.0.1'])
    await run({ server: server.address, type: 'MX' })
    expect(server.queries.map(({ bytes }) => askedFor(bytes).type)).toEqual([15])
  })
})

interface Broken {
  readonly server: DnsServerOptions
  readonly keys?: Keys
  readonly reason: FailureReason
  readonly message: RegExp
}

const broken: Readonly<Record<string, Broken>> = {
  'does not know the name': {
    server: overUdp({ rcode: 3 }),
    reason: 'status',
    message: /^expected NOERROR for shop\.example\. A, got NXDOMAIN$/,
  },
  'refuses to answer': { server: overUdp({ rcode: 5 }), reason: 'status', message: /got REFUSED$/ },
  'says nothing over UDP': {
    server: {},
    reason: 'timeout',
    message: /^no answer within 0\.5s while waiting for the answer from 127\.0\.0\.1:\d+$/,
  },
  'says only nonsense over UDP': {
    server: { udp: () => [Buffer.from('no'), Buffer.alloc(65_000)] },
    reason: 'timeout',
    message: /; \d+ other datagrams were ignored \(the last one: it has the ID of another query\)$/,
  },
  'has no TCP for what does not fit': {
    server: { ...overUdp({ truncated: true }), tcp: (_query, socket) => void socket.resetAndDestroy() },
    reason: 'connect',
    message: /reset the connection/,
  },
  'says nothing over TCP': {
    server: {},
    keys: { transport: 'tcp' },
    reason: 'timeout',
    message: /while waiting for the answer from 127\.0\.0\.1:\d+$/,
  },
  'answers another question over TCP': {
    server: { tcp: () => framed(Buffer.alloc(12)) },
    keys: { transport: 'tcp' },
    reason: 'protocol',
    message: /^the server sent no answer to the query: /,
  },
  'goes in the middle of an answer': {
    server: {
      tcp: (_query, socket) => {
        socket.end(Buffer.concat([uint16(100), Buffer.alloc(50)]))
        return undefined
      },
    },
    keys: { transport: 'tcp' },
    reason: 'protocol',
    message: /^the server closed the connection in the middle of its answer$/,
  },
  'goes without an answer': {
    server: { tcp: (_query, socket) => void socket.end() },
    keys: { transport: 'tcp' },
    reason: 'connect',
    message: /^the server closed the connection before it answered$/,
  },
  'cuts an answer over TCP': {
    server: overTcp({ truncated: true }),
    keys: { transport: 'tcp' },
    reason: 'protocol',
    message: /truncated its answer/,
  },
  'announces more than it sends': {
    server: { tcp: () => Buffer.from([0xff, 0xff, 1]) },
    keys: { transport: 'tcp' },
    reason: 'timeout',
    message: /while waiting for the answer/,
  },
  'speaks no TLS': {
    server: { tcp: () => Buffer.from('no') },
    keys: { transport: 'dot' },
    reason: 'timeout',
    message: /in the TLS handshake/,
  },
  'has an invalid certificate': {
    server: { ...overTcp(two), tls: createCertificate({ name: 'resolver', ip: ['127.0.0.1'] }) },
    keys: { transport: 'dot' },
    reason: 'certificate',
    message: /is self-signed$/,
  },
}

describe('the DNS prober, with a server that', () => {
  it.each(Object.entries(broken))('%s', async (_name, { server: options, keys, reason, message }) => {
    const result = await probe(options, keys, reason === 'timeout' ? 0.5 : undefined)
    expect(result).toMatchObject({
      success: false,
      failure: { reason, message: expect.stringMatching(message) },
      dns: { answered: reason === 'status' },
    })
    expect(result.durationSeconds).toBeLessThan(slackSeconds)
  })

  it('is not there', async () => {
    server = await startDnsServer({})
    const { address } = server
    await server.stop()
    const udp = await run({ server: address })
    expect(udp.failure).toEqual({
      reason: 'connect',
      message: `${address} refused the query: nothing is listening there (ECONNREFUSED)`,
    })
    const tcp = await run({ server: address, transport: 'tcp' })
    expect(tcp.failure).toMatchObject({ reason: 'connect', message: expect.stringContaining('ECONNREFUSED') })
  })

  it('cannot be reached from here, which the system says at once', async () => {
    // As where there is no route: nobody may connect to a broadcast address, and this one is that of loopback.
    const unreachable = await run({ server: '127.255.255.255' })
    expect(unreachable.failure).toEqual({
      reason: 'connect',
      message: '127.255.255.255:53 cannot be reached: this machine forbids it (EACCES)',
    })
  })

  it('has no name server of the machine to ask', async () => {
    const without = createDnsProber({ systemServers: () => [] })
    const result = await runProbe(checkOf('dns', { dns: 'shop.example' }), {
      timeoutSeconds: 1,
      probers: { dns: () => Promise.resolve(without) },
    })
    expect(result.failure).toEqual({
      reason: 'internal',
      message: 'this machine has no usable name server: write server:',
    })
  })

  it('cannot be queried', async () => {
    server = await startDnsServer(overUdp({}))
    const result = await runProbe(checkOf('dns', { dns: 'shop.example', server: server.address }), {
      timeoutSeconds: 1,
      allowAddress: () => {
        throw new Error('not this one')
      },
    })
    expect(result.failure).toEqual({ reason: 'blocked', message: 'not this one' })
    expect(server.queries).toEqual([])
  })
})

describe('whatever a name server sends', () => {
  it('ends in its own result, in time', async () => {
    const bytes = fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array))
    const timeoutSeconds = 0.1
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('udp', 'tcp'),
        bytes,
        fc.boolean(),
        async (transport, tail, headed) => {
          const answer = (query: Buffer): Buffer =>
            headed ? Buffer.concat([answerTo(query, { rcode: tail[0] ?? 0 }), tail]) : tail
          const hostile = await startDnsServer({
            udp: (query) => [answer(query)],
            tcp: (query) => (headed ? framed(answer(query)) : tail),
          })
          try {
            const result = await run({ server: hostile.address, transport }, timeoutSeconds)
            if (result.failure) {
              expect(failureReasons).toContain(result.failure.reason)
              expect(result.failure.reason).not.toBe('internal')
            }
            expect(result.durationSeconds).toBeLessThan(timeoutSeconds + slackSeconds)
          } finally {
            await hostile.stop()
          }
        },
      ),
      { numRuns: 80 },
    )
  })
})
