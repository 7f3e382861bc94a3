import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { addressReader, formatAddress } from '../../../src/net/address.ts'
import { ConfigError } from '../../../src/settings/errors.ts'
import { ValueError } from '../../../src/settings/values/value.ts'
import { checkOf } from '../../support/checks.ts'
import { parse, parseTarget } from '../../support/parse-config.ts'

const target = (...lines: string[]): string =>
  ['targets:', '  - name: it', ...lines.map((line) => `    ${line}`)].join('\n')

function mistakes(text: string): string {
  try {
    parse(text)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return ''
}

describe('an address', () => {
  const read = addressReader({ example: 'a.example:25' })
  const readWith443 = addressReader({ example: 'a.example', defaultPort: 443 })

  it.each([
    ['smtp.example.com:587', { host: 'smtp.example.com', port: 587 }],
    ['127.0.0.1:1', { host: '127.0.0.1', port: 1 }],
    ['[::1]:65535', { host: '::1', port: 65_535 }],
    ['my_service.:8080', { host: 'my_service.', port: 8080 }],
    ['bücher.example:25', { host: 'xn--bcher-kva.example', port: 25 }],
  ])('may be %s', (text, address) => {
    expect(read(text)).toEqual(address)
    expect(read(formatAddress(address))).toEqual(address)
  })

  it.each([
    ['a.example', { host: 'a.example', port: 443 }],
    ['::1', { host: '::1', port: 443 }],
    ['[::1]', { host: '::1', port: 443 }],
  ])('may be %s where a port is usual', (text, address) => {
    expect(readWith443(text)).toEqual(address)
  })

  it.each([
    ['a.example', 'has no port'],
    ['a.example:0', 'has no valid port'],
    ['a.example:65536', 'has no valid port'],
    ['a.example:smtp', 'is not a valid address'],
    ['tcp://a.example:25', 'is a URL'],
    ['user@a.example:25', 'is not a valid address'],
    ['::1:25', 'is not a valid address'],
    ['[127.0.0.1]:25', 'is not a valid address'],
    ['1.2.3:25', 'is not a valid address'],
    [' a.example:25', 'is not a valid address'],
    ['-a.example:25', 'is not a valid address'],
    ['', 'is not a valid address'],
    [25, 'expected text, got a number'],
  ])('cannot be %j', (text, message) => {
    expect(() => read(text)).toThrow(message)
  })

  it('is an address or a clear error, whatever is written', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^[[\]:.a0-9]{0,12}$/))
    fc.assert(
      fc.property(text, (written) => {
        try {
          const address = readWith443(written)
          expect(readWith443(formatAddress(address))).toEqual(address)
        } catch (error) {
          expect(error).toBeInstanceOf(ValueError)
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('a target with tcp:', () => {
  it('has an address and nothing else, if nothing else is written', () => {
    const { check, instance } = parseTarget(target('tcp: db.example.com:5432'))
    expect(instance).toBe('db.example.com:5432')
    expect(check).toEqual({
      kind: 'tcp',
      address: { host: 'db.example.com', port: 5432 },
      ipProtocol: 'auto',
      ipProtocolFallback: true,
      useTls: false,
      tls: { verify: true },
      dialogue: [],
    })
  })

  it('has a dialogue, whose groups it knows by number and by name', () => {
    const { dialogue } = checkOf('tcp', {
      tcp: 'a.example:1',
      starttls: 'smtp',
      dialogue: [
        { expect: '^(?P<a>.)(.)', send: '$2 $<a> $$1 $ $x $<2>', labels: { one: '$1' } },
        { send: '' },
      ],
    })
    expect(dialogue[0]).toMatchObject({
      send: [2, ' ', 1, ' ', '$', '1 $ $x ', 2],
      startTls: false,
      labels: [{ name: 'one', value: [1] }],
    })
    expect(dialogue[1]).toEqual({ startTls: false, labels: [] })
  })

  it('inherits what it can, and takes away what it does not want', () => {
    const config = parse(`
defaults: { starttls: smtp, dialogue: [{ send: A }], ip_protocol: ip4, tls: { min_version: TLS13 } }
targets:
  - { name: one, tcp: "a.example:1" }
  - { name: two, tcp: "a.example:1", starttls: ~, dialogue: ~ }
  - { name: web, url: "http://a.example" }
`)
    expect(config.target('one')?.check).toMatchObject({
      startTls: 'smtp',
      ipProtocol: 'ip4',
      tls: { minVersion: 'TLS13' },
      dialogue: [{ send: ['A'] }],
    })
    expect(config.target('two')?.check).toMatchObject({ dialogue: [] })
    expect(config.target('two')?.check).not.toHaveProperty('startTls')
  })

  it('does not show what it logs in with', () => {
    const { shown, secrets } = parseTarget(
      target(
        'tcp: "${HOST}:1"',
        'dialogue:',
        '  - { send: "AUTH ${REDIS_PASSWORD}" }',
        '  - { send: "PASS hunter2" }',
        '  - { send: "AUTH TLS" }',
        '  - { send: "LOGIN ann ${REDIS_PASSWORD}", expect: "id ${ID}" }',
      ),
      { env: { HOST: 'db.example', REDIS_PASSWORD: 'pa55word', ID: 'id-12345' } },
    )
    expect(secrets).toEqual(expect.arrayContaining(['pa55word', 'PASS hunter2', 'hunter2', 'id-12345']))
    expect(secrets).not.toContain('AUTH TLS')
    expect(shown).toMatchObject({
      tcp: '${HOST}:1',
      dialogue: [
        { send: 'AUTH ${REDIS_PASSWORD}' },
        { send: '<secret>' },
        { send: 'AUTH TLS' },
        { send: '<secret>', expect: 'id ${ID}' },
      ],
    })
  })

  it.each([
    ['no port', 'tcp: a.example', '3:10 targets[0].tcp: "a.example" has no port'],
    ['a URL', 'tcp: http://a.example', 'is a URL: expected an address such as db.example.com:5432'],
    ['a dialogue that is not a list', 'tcp: a:1\n    dialogue: { send: x }', 'expected a list of steps'],
    ['an empty step', 'tcp: a:1\n    dialogue: [{ }]', 'dialogue[0]: has no effect'],
    [
      'an unknown key of a step',
      'tcp: a:1\n    dialogue: [{ exepct: x }]',
      'unknown key (did you mean expect?)',
    ],
    [
      'a regex that is none',
      'tcp: a:1\n    dialogue: [{ expect: "(" }]',
      'dialogue[0].expect: "(" is not a valid RE2 regex',
    ],
    [
      'a group that there is not',
      'tcp: a:1\n    dialogue: [{ expect: "(a)", send: $2 }]',
      'dialogue[0].send: $2 stands for a group that expect: does not have',
    ],
    [
      'a named group that there is not',
      'tcp: a:1\n    dialogue: [{ expect: "(a)", labels: { x: $<toString> } }]',
      'dialogue[0].labels.x: $<toString> stands for a group that expect: does not have',
    ],
    [
      'a group without a regex',
      'tcp: a:1\n    dialogue: [{ send: $1 }]',
      'dialogue[0].send: $1 stands for a group, but the step has no expect:',
    ],
    [
      'labels without a regex',
      'tcp: a:1\n    dialogue: [{ send: x, labels: { a: b } }]',
      'dialogue[0].labels: needs expect:',
    ],
    [
      'a label that is taken',
      'tcp: a:1\n    dialogue: [{ expect: x, labels: { target: b } }]',
      'dialogue[0].labels.target: this label is reserved',
    ],
    [
      'a protocol that is none',
      'tcp: a:1\n    starttls: nntp',
      'expected smtp, imap, pop3, ftp, postgres, mysql, ldap or xmpp, got "nntp"',
    ],
    [
      'TLS in TLS',
      'tcp: a:1\n    use_tls: true\n    starttls: smtp',
      'targets[0].starttls: has no effect with use_tls: true',
    ],
    [
      'TLS in TLS by a step',
      'tcp: a:1\n    use_tls: true\n    dialogue: [{ starttls: true }]',
      'targets[0].dialogue: begins TLS a second time',
    ],
    ['a method', 'tcp: a:1\n    method: GET', 'targets[0].method: has no effect with tcp'],
    ['a URL next to it', 'tcp: a:1\n    url: http://a', 'has more than one check: keep one of url, tcp'],
  ])('is refused with %s', (_name, lines, words) => {
    expect(mistakes(target(lines))).toContain(words)
  })
})

describe('a target with unix:', () => {
  it('has a path', () => {
    const { check, instance } = parseTarget(target('unix: /run/app.sock'))
    expect(instance).toBe('/run/app.sock')
    expect(check).toMatchObject({ kind: 'unix', path: '/run/app.sock', useTls: false, dialogue: [] })
  })

  it.each([
    ['a relative path', 'unix: run/app.sock', 'is not an absolute path'],
    ['a path that is too long', `unix: /${'x'.repeat(107)}`, 'is longer than the 107 bytes'],
    ['TLS without a name', 'unix: /a\n    use_tls: true', 'targets[0].unix: a path is not a name to verify'],
    ['an address family', 'unix: /a\n    ip_protocol: ip4', 'has no effect with unix'],
    ['a protocol', 'unix: /a\n    starttls: smtp', 'has no effect with unix'],
  ])('is refused with %s', (_name, lines, words) => {
    expect(mistakes(target(lines))).toContain(words)
  })

  it('may speak TLS with a name, or unverified', () => {
    const named = { unix: '/a', use_tls: true, tls: { server_name: 'a.example' } }
    expect(checkOf('unix', named).tls.serverName).toBe('a.example')
    expect(checkOf('unix', { ...named, tls: { verify: false } }).tls.verify).toBe(false)
  })
})

describe('a target with certificate:', () => {
  it('has a host, and port 443 where none is written', () => {
    const { check, instance } = parseTarget(target('certificate: shop.example', 'starttls: imap'))
    expect(instance).toBe('shop.example:443')
    expect(check).toMatchObject({
      kind: 'tls',
      address: { host: 'shop.example', port: 443 },
      startTls: 'imap',
    })
  })

  it.each([
    ['a dialogue', 'certificate: a\n    dialogue: []', 'has no effect with certificate'],
    [
      'a URL',
      'certificate: https://a',
      'is a URL: expected an address such as example.com or example.com:993',
    ],
  ])('is refused with %s', (_name, lines, words) => {
    expect(mistakes(target(lines))).toContain(words)
  })
})

describe('a target with dns:', () => {
  it('has a name, and asks the server of the machine for its address', () => {
    const { check, instance } = parseTarget(target('dns: Example.com.'))
    expect(instance).toBe('Example.com. A')
    const rules = { matches: [], matchesOrEmpty: [], matchesAny: [], matchesOne: [], notMatches: [] }
    const none = { ...rules, minRecords: 0 }
    expect(check).toEqual({
      kind: 'dns',
      name: 'Example.com',
      type: 'A',
      transport: 'udp',
      recursion: true,
      ipProtocol: 'auto',
      ipProtocolFallback: true,
      tls: { verify: true },
      expect: {
        rcode: ['NOERROR'],
        otherTypes: false,
        answer: { ...rules, minRecords: 1 },
        authority: none,
        additional: none,
      },
    })
  })

  it.each([
    [{ server: '192.0.2.1' }, { host: '192.0.2.1', port: 53 }, 'a.example MX @192.0.2.1'],
    [{ server: '192.0.2.1', transport: 'dot' }, { host: '192.0.2.1', port: 853 }, 'a.example MX @192.0.2.1'],
    [{ server: '[::1]:53', transport: 'dot' }, { host: '::1', port: 53 }, 'a.example MX @[::1]:53'],
    [{ server: '2001:db8::53' }, { host: '2001:db8::53', port: 53 }, 'a.example MX @2001:db8::53'],
    [{ server: 'ns.example:5353' }, { host: 'ns.example', port: 5353 }, 'a.example MX @ns.example:5353'],
  ])('asks the server of %j', (keys, server, instance) => {
    const written = { name: 'it', dns: 'a.example', type: 'MX', ...keys }
    const read = parseTarget(`targets: [${JSON.stringify(written)}]`)
    expect(read.check).toMatchObject({ server })
    expect(read.instance).toBe(instance)
  })

  it.each([
    ['192.0.2.7', '7.2.0.192.in-addr.arpa'],
    ['2001:db8::1', `1.${'0.'.repeat(23)}8.b.d.0.1.0.0.2.ip6.arpa`],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['_sip._tcp.example', '_sip._tcp.example'],
    ['.', ''],
  ])('asks for %s', (written, name) => {
    expect(checkOf('dns', { dns: written }).name).toBe(name)
  })

  it('has rules for each section, of which a target replaces those of the defaults', () => {
    const config = parse(`
defaults: { expect: { answer: { matches: a }, rcode: NXDOMAIN }, server: 192.0.2.1 }
targets:
  - { name: one, dns: a.example, server: ~, expect: { answer: { not_matches: [b, c], min_records: 2 } } }
`)
    const { check } = config.target('one')!
    expect(check).not.toHaveProperty('server')
    expect(check).toMatchObject({
      expect: {
        rcode: ['NXDOMAIN'],
        answer: { matches: [], notMatches: [{ source: 'b' }, { source: 'c' }], minRecords: 2 },
      },
    })
  })

  it.each([
    ['a name with a space', 'dns: a b', 'is not a valid domain name'],
    ['a label that is too long', `dns: ${'x'.repeat(64)}.example`, 'is not a valid domain name'],
    ['an empty label', 'dns: a..example', 'is not a valid domain name'],
    ['a type that is none', 'dns: a\n    type: XY', 'targets[0].type: expected A, NS'],
    ['a code that is none', 'dns: a\n    expect: { rcode: NOPE }', '"NOPE" is not a valid response code'],
    ['a server that is a URL', 'dns: a\n    server: https://1.1.1.1', 'is a URL'],
    ['a transport that is none', 'dns: a\n    transport: doh', 'expected udp, tcp or dot, got "doh"'],
    ['a rule that is none', 'dns: a\n    expect: { answer: { match: a } }', 'did you mean matches?'],
    [
      'a negative number',
      'dns: a\n    expect: { answer: { min_records: -1 } }',
      'is not a valid number of records',
    ],
    ['a status', 'dns: a\n    expect: { status: 200 }', 'targets[0].expect.status: has no effect with dns'],
  ])('is refused with %s', (_name, lines, words) => {
    expect(mistakes(target(lines))).toContain(words)
  })
})
