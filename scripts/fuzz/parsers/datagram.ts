import fc from 'fast-check'
import { decodeDatagram } from 'probity-client/wire'
import { createCollector } from '../../../src/calls/collector.ts'
import { parseConfig } from '../../../src/config/load/load.ts'
import { host, joined, path, word } from '../grammar.ts'
import { expectThat, type Parser } from '../parser.ts'

const { callTargets } = parseConfig(
  {
    sources: [
      {
        file: 'targets.yml',
        text: JSON.stringify({
          targets: [
            { name: 'posts', calls: { host: '^a', method: 'POST', path: '^/v' }, expect: { status: '2xx' } },
            { name: 'pay', calls: { host: 'example$' }, expect: { status: [200, '3xx'] } },
            { name: 'jobs', calls: { operation: '^a' } },
          ],
        }),
      },
    ],
    directory: '/',
    files: [],
  },
  { env: {}, foreign: [] },
)

const milliseconds = fc.oneof(
  fc.nat(100_000).map(String),
  fc.constantFrom('0.5', '112.25', '1e3', '86400000'),
)
const line = fc.oneof(
  fc.tuple(host, path, milliseconds).map(([name, rest, ms]) => `0\tGET\t${name}\t${rest}\t${ms}`),
  fc.tuple(host, path, milliseconds).map(([name, rest, ms]) => `1\tPOST\thttps://${name}${rest}\t${ms}`),
  fc
    .tuple(host, milliseconds, fc.constantFrom('200', '503', '', '404'), word, word)
    .map(
      ([name, ms, status, operation, caller]) =>
        `2\tGET\thttps://${name}/\t${ms}\t${status}\t${operation}\t${caller}\t1.2\tTimeoutError`,
    ),
  fc
    .tuple(fc.constantFrom('::1', 'FE80::1%eth0', '192.0.2.1'), path, milliseconds)
    .map(([address, rest, ms]) => `0\tPOST\t[${address}]:8080\thttp://a.example${rest}\t${ms}`),
  fc.tuple(host, milliseconds).map(([name, ms]) => `0 OPTIONS ${name} * ${ms}`),
  fc.tuple(host, path).map(([name, rest]) => `1\tGET\t//${name}//${rest}#a?b\t999.7`),
  fc.tuple(milliseconds, word).map(([ms, operation]) => `2\t\t\t${ms}\t\t${operation}`),
)

/** Datagrams, and bodies of /api/v1/calls: lines of the versions 0, 1 and 2. */
export const datagram: Parser = {
  name: 'datagram',
  seeds: [
    '1\tGET\thttp://127.0.0.1:18099/v1/charges?key=secret&x=a b\t0.92300\n',
    '1\tGET\t(null)\t3.5\n',
    '0\tPOST\tapi.example\t/v1/charges?key=secret\t112\n',
    '0 GET api.example /v1 12\v0 GET b.example /v2 13',
    '2\tGET\thttps://pay.example/v1\t140\t200\tcharge\tshop\t1.4.2\t\n2\t\t\t3\t0\tapp.jobs\n',
    '0\tOPTIONS\tapi.example\t*\t3\n0\tGET\t2001:db8::1\t//a\t1\n1\tGET\t[::1]:443/x\t999.7\n',
    `0\tGET\tapi.example\t/${'x'.repeat(300)}\t5\n`,
    '2\tPOST\thttps://u:p@pay.example:8443/a%20b?c#d\t1e2\t503\t\t\t\tTimeoutError\n',
  ],
  grammar: joined(line, '\n', 5),
  tokens: [
    '0\t',
    '1\t',
    '2\t',
    '3\t',
    '\t',
    '\n',
    '\v',
    ' ',
    'GET',
    '(null)',
    'https://',
    '[::1]:80',
    '%',
    '1e9',
    '0.92300',
    'http://a@b:c@d',
    '\x85',
  ],
  sources: [
    'client/src/wire/datagram.ts',
    'client/src/wire/line.ts',
    'client/src/wire/clean.ts',
    'client/src/wire/url.ts',
    'src/calls/matcher.ts',
    'src/calls/outcome.ts',
    'src/calls/error-name.ts',
  ],
  parse: (input) => {
    // Its names and endpoints would grow without end.
    const collector = createCollector({ clock: { now: () => 0, monotonic: () => 0 } })
    collector.setTargets(callTargets)
    const short = decodeDatagram(input, { maxLineBytes: 200 })
    const { calls, malformed, unknownVersion, tooLong } = collector.receive('udp', input)
    expectThat(
      short.calls.length + short.tooLong + short.malformed + short.unknownVersion ===
        calls.length + malformed + unknownVersion + tooLong,
      'a line is counted twice, or not at all',
    )
    for (const { durationSeconds, host: name, path: rest } of calls) {
      expectThat(durationSeconds >= 0 && durationSeconds <= 86_400, `a call of ${durationSeconds} s`)
      expectThat(!/[\t\n]/.test(name + rest), 'a call with a tab or a line feed in it')
    }
    for (const text of collector.metrics()) expectThat(!text.includes('NaN'), 'a metric that is not a number')
    return calls.length > 0 && malformed + unknownVersion + tooLong === 0
  },
}
