import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { createCollector, type Collector, type ReceivedCall } from '../../src/calls/collector.ts'
import type { CallTarget } from '../../src/config/target/calls.ts'
import { aCallTarget, sample, seriesOf } from './support/calls.ts'
import { agents } from './support/agents.ts'
import { partOf } from '../support/proof.ts'

const clock = { now: () => 0, monotonic: () => 0 }

function collectorOf(...targets: CallTarget[]): Collector {
  const collector = createCollector({ clock })
  collector.setTargets(targets)
  return collector
}

const send = (collector: Collector, text: string): void => {
  collector.receive('udp', Buffer.from(text))
}

const charges = aCallTarget('charges', { host: 'api.stripe.com' }, { labels: { vendor: 'stripe "inc"' } })
const own = 'vendor="stripe \\"inc\\"",target="charges"'

describe('a reported call', () => {
  it.each(agents)('of $agent is counted once, with its duration', ({ bytes, host, seconds, overLimit }) => {
    const collector = collectorOf(aCallTarget('t', { host: `^${host.replaceAll('.', '\\.')}$` }))
    send(collector, bytes)
    const text = [...collector.metrics()].join('')
    const labels = 'target="t",caller="",version=""'
    expect(sample(text, `api_call_duration_seconds_count{${labels},outcome="unknown"}`)).toBe(1)
    expect(sample(text, `api_call_duration_seconds_sum{${labels},outcome="unknown"}`)).toBeCloseTo(seconds, 9)
    expect(sample(text, `api_calls_over_limit_total{${labels}}`)).toBe(Number(overLimit))
    expect(sample(text, 'api_call_messages_total{protocol="udp",result="accepted"}')).toBe(1)
    expect(seriesOf(text, 'api_calls_unmatched_total')).toEqual([])
    // What a query or a URL holds before the host is nobody's business.
    expect(text).not.toMatch(/secret|pass/)
  })

  it('carries the labels of its target, its caller and its version', () => {
    const collector = collectorOf(charges)
    send(collector, '2\tPOST\thttps://api.stripe.com/v1/charges\t90\t200\t\tshop\t1.2.0\n')
    send(collector, '2\tPOST\thttps://api.stripe.com/v1/charges\t110\t503\t\tshop\t1.2.0\n')
    send(collector, '2\tPOST\thttps://api.stripe.com/v1/charges\t2000\t0\t\tshop\t1.2.0\tECONNRESET\n')
    const text = [...collector.metrics()].join('')
    const pair = `${own},caller="shop",version="1.2.0"`
    expect(sample(text, `api_call_duration_seconds_count{${pair},outcome="ok"}`)).toBe(1)
    expect(sample(text, `api_call_duration_seconds_count{${pair},outcome="error"}`)).toBe(2)
    expect(sample(text, `api_call_duration_seconds_bucket{${pair},outcome="error",le="0.15"}`)).toBe(1)
    expect(sample(text, `api_call_duration_seconds_bucket{${pair},outcome="error",le="2.5"}`)).toBe(2)
    expect(sample(text, `api_calls_over_limit_total{${pair}}`)).toBe(2)
    expect(sample(text, `api_call_errors_total{${own},error="503"}`)).toBe(1)
    expect(sample(text, `api_call_errors_total{${own},error="ECONNRESET"}`)).toBe(1)
    expect(sample(text, `api_call_target_max_latency_seconds{${own}}`)).toBe(0.1)
    expect(sample(text, `api_call_target_max_error_ratio{${own}}`)).toBe(0.01)
  })

  it('says when the last call came, and nothing of a target that was never called', () => {
    const collector = createCollector({ clock: { ...clock, now: () => 1_764_000_000_500 } })
    collector.setTargets([charges, aCallTarget('idle', { host: '^idle$' }, { missing: 'off' })])
    send(collector, '2\tPOST\thttps://api.stripe.com/v1/charges\t90\t200\n')
    const text = [...collector.metrics()].join('')
    expect(sample(text, `api_call_last_timestamp_seconds{${own}}`)).toBe(1_764_000_000.5)
    expect(sample(text, `api_call_target_alert_missing{${own}}`)).toBe(1)
    expect(seriesOf(text, 'api_call_last_timestamp_seconds')).toHaveLength(1)
    expect(sample(text, 'api_call_target_alert_missing{target="idle"}')).toBe(0)
  })

  it('to a target that is paused is counted, and the rules can tell that it is not judged', () => {
    const collector = collectorOf({ ...charges, paused: true }, aCallTarget('idle', { host: '^idle$' }))
    send(collector, '2\tPOST\thttps://api.stripe.com/v1/charges\t90\t200\n')
    const text = [...collector.metrics()].join('')
    const pair = `${own},caller="",version=""`
    expect(sample(text, `api_call_duration_seconds_count{${pair},outcome="ok"}`)).toBe(1)
    expect(sample(text, `api_call_target_paused{${own}}`)).toBe(1)
    expect(sample(text, `api_call_target_alert_missing{${own}}`)).toBe(0)
    expect(seriesOf(text, 'api_call_target_paused')).toHaveLength(1)
  })

  it('that takes exactly the limit, or a bound of a bucket, is within it', () => {
    const collector = collectorOf(charges)
    send(collector, '2\tGET\thttps://api.stripe.com/\t100\t200\n')
    const text = [...collector.metrics()].join('')
    const pair = `${own},caller="",version=""`
    expect(sample(text, `api_calls_over_limit_total{${pair}}`)).toBe(0)
    expect(sample(text, `api_call_duration_seconds_bucket{${pair},outcome="ok",le="0.1"}`)).toBe(1)
    expect(sample(text, `api_call_duration_seconds_bucket{${pair},outcome="ok",le="0.075"}`)).toBe(0)
  })

  describe('of the agent for libcurl, which mirrors a part of a second when the clock of the machine begins one', () => {
    /** Milliseconds as the agent works them out from two readings of the clock, in nanoseconds. */
    const asReported = (start: bigint, stop: bigint): string => {
      const second = 1_000_000_000n
      let seconds = stop / second - start / second
      let nanos = (stop % second) - (start % second)
      if (nanos < 0n) {
        seconds -= 1n
        nanos = -nanos
      }
      const total = seconds * second + nanos
      return `${total / 1_000_000n}.${total % 1_000_000n}`
    }
    const overLimit = (milliseconds: string): number | undefined => {
      const collector = collectorOf(charges)
      send(collector, `1\tGET\thttps://api.stripe.com/\t${milliseconds}\n`)
      return sample(
        [...collector.metrics()].join(''),
        `api_calls_over_limit_total{${own},caller="",version=""}`,
      )
    }

    it.each([
      ['a call of 90 ms', 90, 0],
      ['a call of 150 ms', 150, 1],
      ['a call of 850 ms', 850, 1],
      ['a call of 1,050 ms', 1050, 1],
    ])('%s is judged right at whatever moment it is made', (_what, milliseconds, slow) => {
      const duration = BigInt(milliseconds) * 1_000_000n
      for (let start = 5_000_000_000n; start < 6_000_000_000n; start += 9_999_991n) {
        expect(overLimit(asReported(start, start + duration)), `from ${start}`).toBe(slow)
      }
    })

    it('a call that is faster than the limit is never too slow', () => {
      fc.assert(
        fc.property(fc.bigInt(0n, 100_000_000n), fc.bigInt(0n, 10_000_000_000n), (duration, start) => {
          expect(overLimit(asReported(start, start + duration))).toBe(0)
        }),
        { numRuns: 200 },
      )
    })

    it('other agents are taken at their word', () => {
      const collector = collectorOf(charges)
      send(collector, '0\tGET\tapi.stripe.com\t/\t950.5\n1\tGET\thttps://api.stripe.com/\t950\n')
      expect(
        sample([...collector.metrics()].join(''), `api_calls_over_limit_total{${own},caller="",version=""}`),
      ).toBe(2)
    })
  })

  it('is not in the first sample that Prometheus gets of its series, so that it shows as an increase', () => {
    const collector = collectorOf(charges)
    const seen = (scrape: boolean): (number | undefined)[] => {
      const text = [...collector.metrics({ scrape, format: 'text' })].join('')
      const pair = `${own},caller="",version=""`
      return [
        sample(text, `api_call_duration_seconds_count{${pair},outcome="error"}`),
        sample(text, `api_call_duration_seconds_bucket{${pair},outcome="error",le="+Inf"}`),
        sample(text, `api_call_duration_seconds_count{${pair},outcome="unknown"}`),
        sample(text, `api_calls_over_limit_total{${pair}}`),
      ]
    }
    send(collector, '2\tGET\thttps://api.stripe.com/\t500\t503\n')
    // A person sees what was counted, and takes nothing away.
    expect(seen(false)).toEqual([1, 1, undefined, 1])
    expect(seen(true)).toEqual([0, 0, undefined, 0])
    send(collector, '0\tGET\tapi.stripe.com\t/\t500\n')
    // Slow calls are shown with the calls that they are of.
    expect(seen(true)).toEqual([1, 1, 0, 1])
    expect(seen(true)).toEqual([1, 1, 1, 2])
    send(collector, '2\tGET\thttps://api.stripe.com/\t500\t503\n')
    expect(seen(true)).toEqual([2, 2, 1, 3])
  })

  it('begins both outcomes at once, so that a first error shows as an increase', () => {
    const collector = collectorOf(charges)
    send(collector, '2\tGET\thttps://api.stripe.com/\t1\t200\n')
    const pair = `${own},caller="",version=""`
    expect(
      sample([...collector.metrics()].join(''), `api_call_duration_seconds_count{${pair},outcome="error"}`),
    ).toBe(0)
  })

  it('is judged by calls.expect.status where the target has it', () => {
    const expected = {
      status: [
        { from: 200, to: 299 },
        { from: 429, to: 429 },
      ],
    }
    const collector = collectorOf(aCallTarget('t', { host: 'a' }, expected))
    for (const status of [200, 429, 404, 0, ''])
      send(collector, `2\tGET\thttp://a/\t1\t${status}\t\t\t\t${status === 0 ? 'ECONNREFUSED' : ''}\n`)
    send(collector, '2\tGET\thttp://a/\t1\t200\t\t\t\tAbortError\n')
    const counts = (outcome: string): number | undefined =>
      sample(
        [...collector.metrics()].join(''),
        `api_call_duration_seconds_count{target="t",caller="",version="",outcome="${outcome}"}`,
      )
    expect([counts('ok'), counts('error'), counts('unknown')]).toEqual([2, 2, 2])
  })

  it('that no target has asked for is counted by its host and its operation, and nothing else of it is kept', () => {
    const collector = collectorOf(charges)
    send(collector, '2\tGET\thttps://private.example/a/b?c=d\t1\t200\top\tshop\t1\n')
    send(collector, `2\t\t\t1\t\tsome.operation${'.x'.repeat(60)}\tshop\t1\n`)
    const text = [...collector.metrics()].join('')
    expect(seriesOf(text, 'api_calls_unmatched_total')).toEqual([
      'api_calls_unmatched_total{host="private.example"} 1',
      'api_calls_unmatched_total{host="unknown"} 1',
    ])
    expect(seriesOf(text, 'api_calls_unmatched_operations_total')).toEqual([
      'api_calls_unmatched_operations_total{operation="op"} 1',
      `api_calls_unmatched_operations_total{operation="some.operation${'.x'.repeat(43)}"} 1`,
    ])
    expect(text).not.toMatch(/a\/b|shop/)
  })
})

describe('what is counted', () => {
  it('stays when a reload changes a target, and goes with it', () => {
    const collector = collectorOf(charges, aCallTarget('b', { host: '^b$' }))
    send(collector, '2\tGET\thttp://api.stripe.com/\t50\t200\n2\tGET\thttp://b/\t50\t200\n')
    const relaxed = {
      ...charges,
      labels: { team: 'pay' },
      expect: { maxLatency: Infinity, maxErrorRatio: 1 },
    }
    collector.setTargets([relaxed])
    send(collector, '2\tGET\thttp://api.stripe.com/\t60000\t200\n2\tGET\thttp://b/\t50\t200\n')
    const text = [...collector.metrics()].join('')
    const pair = 'team="pay",target="charges",caller="",version=""'
    expect(sample(text, `api_call_duration_seconds_count{${pair},outcome="ok"}`)).toBe(2)
    expect(sample(text, `api_calls_over_limit_total{${pair}}`)).toBe(0)
    expect(text).toContain('api_call_target_max_latency_seconds{team="pay",target="charges"} +Inf\n')
    expect(text).not.toContain('target="b"')
    expect(sample(text, 'api_calls_unmatched_total{host="b"}')).toBe(1)
  })

  it('names the first 20 callers and versions of a target, and 100 hosts', () => {
    const collector = collectorOf(charges)
    for (let index = 0; index < 120; index++) {
      send(collector, `2\tGET\thttp://api.stripe.com/\t1\t200\t\tshop\t1.${index}\n`)
      send(collector, `2\tGET\thttp://h${index}.example/\t1\t200\n`)
    }
    const text = [...collector.metrics()].join('')
    const pairs = seriesOf(text, 'api_calls_over_limit_total')
    expect(pairs).toHaveLength(21)
    expect(
      sample(text, `api_call_duration_seconds_count{${own},caller="other",version="other",outcome="ok"}`),
    ).toBe(100)
    expect(seriesOf(text, 'api_calls_unmatched_total')).toHaveLength(101)
    expect(sample(text, 'api_calls_unmatched_total{host="other"}')).toBe(20)
  })

  it('gives the place of a version that is long gone to a new one', () => {
    let now = 0
    const collector = createCollector({ clock: { now: () => 0, monotonic: () => now } })
    collector.setTargets([charges])
    const call = (version: string): void => {
      send(collector, `2\tGET\thttp://api.stripe.com/\t1\t200\t\tshop\t${version}\n`)
    }
    for (let index = 0; index < 20; index++) call(`1.${index}`)
    now = 6 * 3_600_000 - 1
    call('2.0')
    expect([...collector.metrics()].join('')).not.toContain('version="2.0"')
    call('1.0')
    now += 1
    call('2.0')
    const text = [...collector.metrics()].join('')
    expect(text).toContain('version="2.0"')
    expect(text).toContain('version="1.0"')
    expect(text).not.toContain('version="1.1"')
  })

  it('is told to a listener until that has enough', () => {
    const collector = collectorOf(charges)
    const heard: ReceivedCall[] = []
    const stop = collector.onCall((received) => heard.push(received))
    send(collector, '2\tGET\thttp://api.stripe.com/\t1\t500\n2\tGET\thttp://b/x\t1\t200\n')
    stop()
    send(collector, '2\tGET\thttp://c/\t1\t200\n')
    expect(heard).toMatchObject([
      { call: { host: 'api.stripe.com' }, target: { name: 'charges' }, outcome: 'error' },
      { call: { host: 'b', path: '/x' } },
    ])
  })
})

describe('any bytes', () => {
  const field = fc.oneof(
    fc.constantFrom(
      '0',
      '1',
      '2',
      '3',
      'GET',
      'a',
      'http://a/b',
      'api.stripe.com',
      '12',
      '12.5',
      '200',
      '',
      'x',
    ),
    fc.string({ maxLength: 20 }),
    fc.string({ unit: 'binary', maxLength: 10 }),
  )
  const line = fc.array(field, { maxLength: 10 }).map((fields) => fields.join('\t'))
  const bytes = fc.oneof(
    fc.array(line, { maxLength: 4 }).map((lines) => Buffer.from(lines.join('\n'))),
    fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
    fc
      .record({
        host: fc.domain(),
        caller: fc.string({ maxLength: 8 }),
        version: fc.string({ maxLength: 8 }),
      })
      .map(({ host, caller, version }) =>
        Buffer.from(`2\tGET\thttp://${host}/\t1\t200\t\t${caller}\t${version}\n`),
      ),
  )

  it('of 100,000 datagrams raise nothing, make no unbounded label, and are counted exactly', () => {
    const collector = collectorOf(charges, aCallTarget('half', { host: '^[a-m]' }))
    let lines = 0
    let calls = 0
    fc.assert(
      fc.property(bytes, (datagram) => {
        const { calls: decoded, malformed, unknownVersion, tooLong } = collector.receive('udp', datagram)
        lines += decoded.length + malformed + unknownVersion + tooLong
        calls += decoded.length
      }),
      { numRuns: partOf(100_000, 4) },
    )
    const text = [...collector.metrics()].join('')
    const sum = (found: readonly string[]): number =>
      found.reduce((total, one) => total + Number(one.slice(one.lastIndexOf(' ') + 1)), 0)
    const matched = sum(seriesOf(text, 'api_call_duration_seconds_count'))
    const unmatched = sum(seriesOf(text, 'api_calls_unmatched_total'))
    const messages = seriesOf(text, 'api_call_messages_total').filter((one) => one.includes('"udp"'))
    expect(sum(messages)).toBe(lines)
    expect(matched + unmatched).toBe(calls)
    expect(matched).toBeGreaterThan(1000)
    expect(unmatched).toBeGreaterThan(1000)
    expect(seriesOf(text, 'api_calls_over_limit_total').length).toBeLessThanOrEqual(2 * 21)
    expect(seriesOf(text, 'api_calls_unmatched_total').length).toBeLessThanOrEqual(101)
    for (const one of text.split('\n').slice(0, -1))
      expect(one).toMatch(
        /^(# (HELP|TYPE) \w+ .*|\w+(\{\w+="(?:[^"\\]|\\["\\n])*"(?:,\w+="(?:[^"\\]|\\["\\n])*")*\})? \S+)$/,
      )
  })
})
