import { answer, hello, redirectTo, respond } from '../../support/servers/faults.ts'
import { startFaultServer, type Behaviour, type FaultServer } from '../../support/servers/fault-server.ts'
import type { Family, Row } from '../row.ts'

export interface HttpServers {
  readonly plain: FaultServer
  readonly ip6: FaultServer
}

const document = JSON.stringify({
  foo: 'bar',
  baz: 'qux',
  n: 3,
  // oxlint-disable-next-line no-loss-of-precision -- Both have to read a number that is too big for them alike.
  big: 9007199254740993,
  list: [1, 2, 3],
  nothing: null,
  on: true,
  deep: { a: [{ b: 'x' }, { b: 'y' }] },
  at: '2024-05-06T07:08:09Z',
})

const status =
  (code: number): Behaviour =>
  (socket) => {
    respond(socket, code, { 'Content-Type': 'text/plain' }, code === 204 || code === 304 ? '' : 'a body')
  }

const routes: Readonly<Record<string, Behaviour>> = {
  ...Object.fromEntries(
    [200, 201, 206, 301, 400, 401, 403, 404, 418, 429, 500, 503].map((code) => [
      `/status/${code}`,
      status(code),
    ]),
  ),
  '/asked': answer('whatever was asked'),
  '/redirect': redirectTo('/'),
  '/redirect-301': redirectTo('/', 301),
  '/redirect-303': redirectTo('/asked', 303),
  '/redirect-307': redirectTo('/asked', 307),
  '/redirect-308': redirectTo('/asked', 308),
  '/redirect-twice': redirectTo('/redirect'),
  '/redirect-cookie': redirectTo('/asked', 302, { 'Set-Cookie': 'session=1; Path=/' }),
  '/redirect-to-404': redirectTo('/nothing-here'),
  '/last-modified': (socket) => {
    respond(socket, 200, { 'Last-Modified': 'Wed, 21 Oct 2015 07:28:00 GMT' }, hello)
  },
  '/last-modified-wrong': (socket) => {
    respond(socket, 200, { 'Last-Modified': 'yesterday' }, hello)
  },
  '/chunked': (socket) => {
    socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n')
  },
  '/json': (socket) => {
    respond(socket, 200, { 'Content-Type': 'application/json' }, document)
  },
  '/empty': (socket) => {
    respond(socket, 200)
  },
  '/large': (socket) => {
    respond(socket, 200, {}, 'x'.repeat(300_000))
  },
  '/two-headers': (socket) => {
    socket.end('HTTP/1.1 200 OK\r\nX-Test: first\r\nX-Test: second\r\nContent-Length: 0\r\n\r\n')
  },
}

const http = (settings: object = {}, timeout?: string): object => ({
  prober: 'http',
  ...(timeout !== undefined && { timeout }),
  http: settings,
})

const row = (
  name: string,
  path: string,
  module: Row<HttpServers>['module'] = http(),
  more: Omit<Partial<Row<HttpServers>>, 'name' | 'module'> = {},
): Row<HttpServers> => ({ name, module, target: ({ plain }) => plain.url + path, ...more })

const statuses: Row<HttpServers>[] = [
  ...[200, 201, 206, 400, 401, 403, 404, 418, 429, 500, 503].map((code) =>
    row(`status ${code}`, `/status/${code}`),
  ),
  row('no content', '/no-content'),
  row('a status that is expected', '/status/404', http({ valid_status_codes: [404, 410] })),
  row('a status that is not expected', '/status/200', http({ valid_status_codes: [404, 410] })),
  row('a redirect without a place, expected', '/status/301', http({ valid_status_codes: [301] })),
]

const redirects: Row<HttpServers>[] = [
  row('a redirect', '/redirect'),
  row('an endless redirect', '/redirect-301'),
  row('two redirects', '/redirect-twice'),
  row('a redirect to what is not there', '/redirect-to-404'),
  row('a redirect that is not followed', '/redirect', http({ follow_redirects: false })),
  row(
    'a redirect that is not followed, expected',
    '/redirect',
    http({ follow_redirects: false, valid_status_codes: [302] }),
  ),
  row('redirects without end', '/redirect-loop'),
  row('a redirect to nowhere', '/redirect-nowhere'),
  row('a redirect to a file', '/redirect-to-file', http(), {
    differs: { lastAnswer: ['probe_http_status_code', 'probe_http_version'] },
  }),
  row('a redirect to nonsense', '/redirect-to-nonsense', http(), {
    differs: { lastAnswer: ['probe_http_status_code', 'probe_http_version'] },
  }),
  row('POST, and see other', '/redirect-303', http({ method: 'POST', body: 'x=1' })),
  row('POST, and a temporary redirect', '/redirect-307', http({ method: 'POST', body: 'x=1' })),
  row('POST, and a permanent redirect', '/redirect-308', http({ method: 'POST', body: 'x=1' })),
  row('POST, and found', '/redirect-cookie', http({ method: 'POST', body: 'x=1' })),
  row('a redirect with a cookie', '/redirect-cookie'),
]

const requests: Row<HttpServers>[] = [
  row('HEAD', '/empty', http({ method: 'HEAD' })),
  row('PUT with a body', '/asked', http({ method: 'PUT', body: '{"a": "${b}"}' })),
  row(
    'headers',
    '/asked',
    http({ headers: { 'X-Test': 'a ${b} c', 'Content-Type': 'text/x', Accept: 'text/html' } }),
  ),
  row('another host', '/asked', http({ headers: { Host: 'shop.example' } })),
  row('basic authentication', '/asked', http({ basic_auth: { username: 'me', password: 'pa$$word' } })),
  row('a password in a file', '/asked', ({ secret }) =>
    http({ basic_auth: { username: 'me', password_file: secret } }),
  ),
  row('a bearer token', '/asked', http({ bearer_token: 'token-1' })),
  row(
    'credentials of their own type',
    '/asked',
    http({ authorization: { type: 'Key', credentials: 'abc' } }),
  ),
  row('a query', '/asked?a=1&b=%20'),
]

const bodies: Row<HttpServers>[] = [
  row('chunks', '/chunked'),
  row('no body', '/empty'),
  row('a large body', '/large'),
  row('a body without a length', '/http-1.0'),
  row('a body that is too large', '/large', http({ body_size_limit: '100KB' })),
  row('a body that is just small enough', '/large', http({ body_size_limit: '300000B' })),
  row('a body that matches', '/', http({ fail_if_body_not_matches_regexp: ['fault', '(?i)HELLO'] })),
  row('a body that does not match', '/', http({ fail_if_body_not_matches_regexp: ['fault', 'nothing'] })),
  row(
    'a body that matches and must not',
    '/',
    http({ fail_if_body_matches_regexp: ['nothing', 'h[ae]llo'] }),
  ),
  row('a body that does not match and must not', '/', http({ fail_if_body_matches_regexp: ['^$'] })),
  row('a body that is not looked at', '/status/500', http({ fail_if_body_matches_regexp: ['body'] })),
  row(
    'a header that matches',
    '/two-headers',
    http({ fail_if_header_not_matches: [{ header: 'x-test', regexp: 'second' }] }),
  ),
  row(
    'a header that does not match',
    '/two-headers',
    http({ fail_if_header_not_matches: [{ header: 'X-Test', regexp: 'third' }] }),
  ),
  row(
    'a header that is missing',
    '/',
    http({ fail_if_header_not_matches: [{ header: 'X-Test', regexp: '.*' }] }),
  ),
  row(
    'two rules for a header, of which one does not match',
    '/two-headers',
    http({
      fail_if_header_not_matches: [
        { header: 'X-Test', regexp: 'first' },
        { header: 'x-test', regexp: 'third' },
      ],
    }),
  ),
  row(
    'a header that may be missing',
    '/',
    http({ fail_if_header_not_matches: [{ header: 'X-Test', regexp: 'third', allow_missing: true }] }),
  ),
  row(
    'a header that may be missing, but does not match',
    '/two-headers',
    http({ fail_if_header_not_matches: [{ header: 'X-Test', regexp: 'third', allow_missing: true }] }),
  ),
  row(
    'a header that matches and must not',
    '/two-headers',
    http({ fail_if_header_matches: [{ header: 'x-test', regexp: 'second' }] }),
  ),
  row(
    'a header that does not match and must not',
    '/two-headers',
    http({ fail_if_header_matches: [{ header: 'X-Test', regexp: 'third' }] }),
  ),
  row(
    'a header that must not match, and is missing',
    '/',
    http({ fail_if_header_matches: [{ header: 'X-Test', regexp: 'third' }] }),
  ),
  row(
    'a header that must not match, and may be missing',
    '/',
    http({ fail_if_header_matches: [{ header: 'X-Test', regexp: '.*', allow_missing: true }] }),
  ),
  row(
    'a header that must not match, where the status is wrong',
    '/status/500',
    http({ fail_if_header_matches: [{ header: 'Content-Type', regexp: 'plain' }] }),
  ),
  row('last modified', '/last-modified'),
  row('last modified, but no date', '/last-modified-wrong'),
  row('gzip that nobody asked for', '/gzip', http(), {
    differs: { compression: ['probe_http_uncompressed_body_length'] },
  }),
  row(
    'gzip that is asked for',
    '/gzip',
    http({ compression: 'gzip', headers: { 'Accept-Encoding': 'gzip' } }),
  ),
  row('brotli that is asked for', '/br', http({ compression: 'br', headers: { 'Accept-Encoding': 'br' } })),
]

const protocols: Row<HttpServers>[] = [
  row('TLS that is wanted, and not there', '/', http({ fail_if_not_ssl: true })),
  row('TLS that is wanted, and not there, after a redirect', '/redirect', http({ fail_if_not_ssl: true })),
  row('TLS that must not be there, and is not', '/', http({ fail_if_ssl: true })),
  row('HTTP/1.1 that is wanted', '/', http({ valid_http_versions: ['HTTP/1.1', 'HTTP/2.0'] })),
  row('HTTP/1.1 where HTTP/2 is wanted', '/', http({ valid_http_versions: ['HTTP/2.0'] })),
  row('HTTP/1.0 where HTTP/1.1 is wanted', '/http-1.0', http({ valid_http_versions: ['HTTP/1.1'] })),
  row('HTTP/1.0 that is wanted', '/http-1.0', http({ valid_http_versions: ['HTTP/1.0'] })),
  row(
    'a wrong version, and a body that does not match',
    '/',
    http({ valid_http_versions: ['HTTP/1.0'], fail_if_body_not_matches_regexp: ['nothing'] }),
  ),
  row(
    'a wrong version, and a header that matches and must not',
    '/two-headers',
    http({
      valid_http_versions: ['HTTP/1.0'],
      fail_if_header_matches: [{ header: 'X-Test', regexp: 'first' }],
    }),
  ),
  row('a wrong version, and no answer', '/close', http({ valid_http_versions: ['HTTP/1.0'] })),
]

/** Conditions of CEL, whatever they come to. */
const expressions = [
  "body.foo == 'bar' && body.baz.startsWith('q')",
  "body.foo != 'bar'",
  'body.n == 3',
  'body.n == 3.0',
  'body.n > 2 && body.n < 4',
  'body.n + 1 == 4',
  'body.n + 1.0 == 4.0',
  'body.n / 2.0 > 1.4',
  'int(body.n) % 2 == 1',
  'body.big == 9007199254740992',
  'size(body.list) == 3 && body.list[0] == 1',
  'body.list.all(x, x > 0)',
  'body.list.exists_one(x, x == 2)',
  'body.list.filter(x, x > 1).size() == 2',
  'body.list.map(x, x * 2.0)[2] == 6.0',
  '2 in body.list',
  "'foo' in body",
  'body.nothing == null',
  'body.on',
  '!body.on',
  "body.deep.a[1].b == 'y'",
  "body.deep.a.exists(e, e.b == 'x')",
  'has(body.deep) && !has(body.shallow)',
  'body.shallow == 1',
  'body.list[7] == 1',
  "body.foo.matches('(?i)^B.r$')",
  "body.foo.matches('(')",
  "body.foo.contains('a') || body.missing",
  "body.foo in ['foo', 'bar']",
  "timestamp(body.at) < timestamp('2030-01-01T00:00:00Z')",
  'body.foo == 3',
  'body.foo < 3',
  'body.foo',
  'type(body.n) == double',
  "string(body.n) == '3'",
  "body.foo + body.baz == 'barqux'",
  'body.n == 3 ? body.on : false',
  'body.constructor == null',
] as const

const cel = expressions.flatMap((expression) => [
  row(`CEL: ${expression}`, '/json', http({ fail_if_body_json_not_matches_cel: expression }), { since: 27 }),
  row(`CEL, not: ${expression}`, '/json', http({ fail_if_body_json_matches_cel: expression }), { since: 27 }),
])

const others: Row<HttpServers>[] = [
  row('CEL, of what is not JSON', '/', http({ fail_if_body_json_not_matches_cel: 'true' }), { since: 27 }),
  row('CEL, where the status is wrong', '/status/500', http({ fail_if_body_json_not_matches_cel: 'true' }), {
    since: 27,
  }),
]

const faults: Row<HttpServers>[] = [
  row('a connection that is closed', '/close'),
  row('a connection that is reset', '/reset'),
  row('no HTTP', '/not-http'),
  row('early hints', '/early-hints'),
  row('no answer', '/silent', http({}, '1s')),
  row('headers without end', '/slow-headers', http({}, '1s')),
  // Both must have read the headers before it ends, on a busy machine too.
  row('a body without end', '/slow-body', http({}, '4s'), {
    passing: ['probe_http_uncompressed_body_length'],
  }),
  row('a body that is cut', '/cut-body'),
  row('a chunk that is cut', '/cut-chunk'),
  row('wrong chunks', '/bad-chunking'),
  row('a body that is reset', '/reset-body'),
  row('two lengths', '/two-lengths'),
  row('a length that is none', '/no-length'),
  { name: 'a closed port', module: http(), target: () => 'http://127.0.0.1:1/' },
  { name: 'a name that does not exist', module: http(), target: () => 'http://shop.invalid/' },
]

const addresses: Row<HttpServers>[] = [
  { name: 'a target without a scheme', module: http(), target: ({ plain }) => `127.0.0.1:${plain.port}` },
  { name: 'IPv6', module: http(), target: ({ ip6 }) => `${ip6.url}/` },
  {
    name: 'IPv4 where IPv6 is wanted',
    module: http({ preferred_ip_protocol: 'ip6', ip_protocol_fallback: false }),
    target: ({ plain }) => `${plain.url}/`,
    differs: {
      literal: [
        'probe_success',
        'probe_http_content_length',
        'probe_http_duration_seconds',
        'probe_http_status_code',
        'probe_http_uncompressed_body_length',
        'probe_http_version',
        'probe_ip_',
      ],
    },
    requestsDiffer: true,
  },
  {
    name: 'IPv6 where IPv4 is wanted',
    module: http({ preferred_ip_protocol: 'ip4', ip_protocol_fallback: false }),
    target: ({ ip6 }) => `${ip6.url}/`,
    differs: {
      literal: [
        'probe_success',
        'probe_http_content_length',
        'probe_http_duration_seconds',
        'probe_http_status_code',
        'probe_http_uncompressed_body_length',
        'probe_http_version',
        'probe_ip_',
      ],
    },
  },
  {
    name: 'a name, over IPv4',
    module: http({ preferred_ip_protocol: 'ip4' }),
    target: ({ plain }) => `http://localhost:${plain.port}/asked`,
  },
]

export const httpFamily: Family<HttpServers> = {
  name: 'http',
  rows: [
    ...statuses,
    ...redirects,
    ...requests,
    ...bodies,
    ...protocols,
    ...cel,
    ...others,
    ...faults,
    ...addresses,
  ],
  async start() {
    const plain = await startFaultServer({ routes })
    const ip6 = await startFaultServer({ routes, host: '::1' })
    return {
      servers: { plain, ip6 },
      requests: plain.requests,
      stop: async () => {
        await plain.stop()
        await ip6.stop()
      },
    }
  },
}
