import { IncomingMessage, type RequestListener } from 'node:http'
import { Socket } from 'node:net'
import { addressOf } from '../../../src/access/address.ts'
import { createIdentify } from '../../../src/access/identify.ts'
import { cookieOf, setCookie } from '../../../src/access/login/cookies.ts'
import { createSeal } from '../../../src/access/login/seal.ts'
import { personOf } from '../../../src/access/oidc/person.ts'
import { noWebConfig, scopesOf } from '../../../src/access/web-config/web-config.ts'
import { parseScrapeTimeout, probeTimeout } from '../../../src/exporter/deadline.ts'
import { isCrossSite, refuseCrossSite } from '../../../src/lib/http/cross-site.ts'
import { onlyForKnownHosts } from '../../../src/lib/http/hosts.ts'
import { parseRetryAfter } from '../../../src/lib/http/retry-after.ts'
import { asJson, host, joined, mapping, word } from '../grammar.ts'
import { expectThat, expectWords, refusable, type Parser } from '../parser.ts'
import fc from 'fast-check'

const hash = '$2b$10$qcPPITjaEmz8waQcX2n2.ud2z3bsG.WzglOHPIfHqkaAI/rj/3fQq'
const scopes = { admins: ['admin'], readers: ['read', 'probe'] }
/** The claims of OpenID Connect. */
export const claims: Parser = {
  name: 'claims',
  seeds: [
    '{"sub":"1","preferred_username":"ada","groups":["admins"]}',
    '{"sub":"1","email":"a@b.example","groups":"readers"}',
    '{"sub":"x"}',
    '{"sub":""}',
  ],
  grammar: mapping(
    {
      sub: fc.oneof({ arbitrary: word, weight: 9 }, fc.constant('')),
      preferred_username: word,
      email: fc.emailAddress(),
      groups: fc.oneof(word, fc.array(fc.oneof(word, fc.constant('admins')), { maxLength: 4 })),
    },
    ['sub'],
  ).map(asJson),
  tokens: [
    '"sub":',
    '"groups":',
    '"email":',
    '"preferred_username":',
    '[',
    ']',
    '{',
    '}',
    'null',
    '1',
    '"admins"',
    '"__proto__"',
    '"constructor"',
  ],
  sources: ['src/access/oidc/person.ts', 'src/access/web-config/web-config.ts'],
  parse: (input) => {
    let json: unknown
    try {
      json = JSON.parse(input.toString())
    } catch {
      return false
    }
    // The library makes sure of both.
    if (typeof json !== 'object' || json === null || !('sub' in json) || typeof json.sub !== 'string')
      return false
    const { user, groups } = personOf(json as { sub: string }, 'groups')
    expectThat(
      typeof user === 'string' && groups.every((group) => typeof group === 'string'),
      'names that are not texts',
    )
    const given = scopesOf(groups, scopes as never)
    expectThat(
      given.every((scope) => ['admin', 'read', 'probe'].includes(scope)),
      `the scopes ${given.join()}`,
    )
    return true
  },
}

const sealed = createSeal('secret', 'fuzz')
const identify = createIdentify({
  config: () => ({
    ...noWebConfig,
    users: new Map([['ada', hash]]),
    proxy: {
      networks: ['127.0.0.1/32'],
      userHeader: 'x-user',
      groupsHeader: 'x-groups',
      scopes: { admins: ['admin'] },
    },
  }),
  tokens: { find: () => ({ status: 401, words: 'the token is wrong' }) },
  passwords: () => 'wrong',
  sessions: { read: (cookie: string) => sealed.open(cookie) as undefined } as never,
  reportToken: 'report',
})

const headerLine = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(
        'Host',
        'Origin',
        'X-Forwarded-For',
        'Accept',
        'Cookie',
        'Authorization',
        'Forwarded',
        'X-User',
        'X-Groups',
        'Sec-Fetch-Site',
        'Retry-After',
        'X-Prometheus-Scrape-Timeout-Seconds',
      ),
      fc.constantFrom(
        'localhost',
        '127.0.0.1:80',
        '[::1]:9740',
        'https://a.example',
        '10.0.0.1, 127.0.0.1',
        'text/html',
        'session=a; b=c',
        'Bearer abc',
        'Basic YTpi',
        '30',
        'same-origin',
        'Fri, 20 Nov 2026 12:00:00 GMT',
        '0.5',
      ),
    )
    .map(([name, text]) => `${name}: ${text}`),
  host.map((name) => `Host: ${name}`),
)

/** The headers of a request, a line each. */
export const requestHeaders: Parser = {
  name: 'request-headers',
  seeds: [
    'Host: localhost:9740\nAuthorization: Bearer abc',
    'Host: [::1]\nX-Forwarded-For: 10.0.0.1, 192.0.2.1, 127.0.0.1',
    'Host: localhost\nAuthorization: Basic YWRhOng6eQ==\nCookie: a=b; probity-session=x',
    'Host: 127.0.0.1\nX-User: ada\nX-Groups: admins, readers\nSec-Fetch-Site: cross-site',
    `Cookie: probity-session=${sealed.seal({ a: 1 })}`,
    'Host: localhost\nRetry-After: Fri, 20 Nov 2026 12:00:00 GMT\nX-Prometheus-Scrape-Timeout-Seconds: 15',
  ],
  grammar: joined(headerLine, '\n', 5),
  tokens: [
    'Host: ',
    '[::1]',
    ':80',
    'X-Forwarded-For: ',
    ', ',
    '::ffff:1.2.3.4',
    'fe80::1%eth0',
    'Bearer ',
    'Basic ',
    'Cookie: ',
    'probity-session=',
    ';',
    '=',
    '\n',
    'Origin: null',
    'Sec-Fetch-Site: ',
    'GMT',
  ],
  sources: [
    'lib/http/hosts',
    'lib/http/cross-site',
    'lib/http/bearer',
    'lib/http/retry-after',
    'access/address',
    'access/login/cookies',
    'access/login/seal',
    'exporter/deadline',
  ].map((file) => `src/${file}.ts`),
  parse: async (input) => {
    const request = requestOf(input.toString('latin1'))
    let status = 200
    const listener: RequestListener = () => undefined
    const answer = {
      writeHead: (code: number) => ((status = code), answer),
      end: (text: string) => {
        expectWords(text)
      },
    }
    const known = { allowedHosts: ['*.example'], externalUrl: new URL('https://probity.example.com') }
    onlyForKnownHosts(listener, known)(request, answer as never)
    expectThat([200, 400, 421].includes(status), `the status ${status}`)
    const address = addressOf(request, ['127.0.0.0/8', '10.0.0.0/8'])
    expectThat(address === '127.0.0.1' || /^[\da-f:.%\w]+$/i.test(address), `the address ${address}`)
    let passed = false
    const refusing = {
      hasHeader: () => false,
      status: () => refusing,
      type: () => refusing,
      send: (text: string) => {
        expectWords(text)
      },
    }
    request.method = request.rawHeaders.length % 4 === 0 ? 'GET' : 'POST'
    refuseCrossSite(request as never, refusing as never, () => (passed = true))
    expectThat(
      passed === (request.method === 'GET' || !isCrossSite(request)),
      'another site may change something',
    )
    const session = cookieOf(request, 'probity-session')
    if (session !== undefined) {
      const secure = session.length % 2 === 0
      const cookie = setCookie('probity-session', session, { maxAge: 1, secure, path: '/' })
      const [pair = ''] = cookie.split('; Path')
      expectThat(
        cookieOf({ headers: { cookie: pair } }, 'probity-session') === session,
        `the cookie ${cookie}`,
      )
    }
    const seconds = parseRetryAfter(request.headers['retry-after'], 0)
    expectThat(seconds === undefined || seconds >= 0, `${seconds} s`)
    const { caller } = await identify(request)
    expectThat(caller === undefined || caller.name !== '', 'somebody without a name')
    const timeout = request.headers['x-prometheus-scrape-timeout-seconds']?.toString()
    const isTimeout = await refusable(() => {
      const given = probeTimeout(10, parseScrapeTimeout(timeout))
      expectThat(given > 0 && given <= 10, `a timeout of ${given} s`)
    })
    return isTimeout && status === 200
  },
}

/** As Node.js makes it, which has refused what is not a header before. */
function requestOf(text: string): IncomingMessage {
  const socket = new Socket()
  Object.defineProperty(socket, 'remoteAddress', { value: '127.0.0.1' })
  const request = new IncomingMessage(socket)
  const lines = text.split('\n').flatMap((line) => {
    const [, name, value] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? []
    return name === undefined || value === undefined
      ? []
      : [name, value.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '')]
  })
  request.rawHeaders = lines
  const add = (request as unknown as { _addHeaderLines: (headers: string[], count: number) => void })
    ._addHeaderLines
  add.call(request, lines, lines.length)
  return request
}
