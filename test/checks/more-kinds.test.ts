import { describe, expect, it } from 'vitest'
import { checkOf } from '../support/checks.ts'
import { parse, parseTarget } from '../support/parse-config.ts'

/** What is wrong with a target of these keys, in the words of `probity check`. */
function complaint(keys: Readonly<Record<string, unknown>>): string {
  try {
    parse(`targets: [${JSON.stringify({ name: 'it', ...keys })}]`)
    return 'nothing'
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

describe('heartbeat', () => {
  it('has everything by default but its period', () => {
    expect(checkOf('heartbeat', { heartbeat: '1d' })).toEqual({
      kind: 'heartbeat',
      name: 'it',
      rhythm: 86_400,
      grace: 0,
    })
    expect(parseTarget('targets: [{ name: backup, heartbeat: 1d }]')).toMatchObject({
      instance: 'backup',
      expect: { maxLatency: Infinity },
    })
  })

  it('inherits, and gives up again', () => {
    const text = `
defaults: { token: "\${T}" }
modules: { nightly: { grace: 10m, max_runtime: 1h } }
targets:
  - { name: a, heartbeat: 1d, module: nightly }
  - { name: b, heartbeat: 1d, module: nightly, grace: ~, max_runtime: ~, token: ~ }
`
    const [a, b] = parse(text, { env: { T: 'sesame-1' } }).targets
    expect(a?.check).toMatchObject({ grace: 600, maxRuntime: 3600, token: 'sesame-1' })
    expect(b?.check).toEqual({ kind: 'heartbeat', name: 'b', rhythm: 86_400, grace: 0 })
  })

  it('shows no token', () => {
    const target = parseTarget('targets: [{ name: a, heartbeat: 1d, token: sesame-1 }]')
    expect(target.shown['token']).toBe('<secret>')
    expect(target.secrets).toEqual(['sesame-1'])
    const text = 'targets: [{ name: a, heartbeat: 1d, token: "${T}" }]'
    const referring = parseTarget(text, { env: { T: 'sesame-2' } })
    expect(referring.shown['token']).toBe('${T}')
    expect(referring.secrets).toEqual(['sesame-2'])
  })
})

describe('grpc', () => {
  it('has everything by default but its address', () => {
    expect(checkOf('grpc', { grpc: 'api.example:50051' })).toEqual({
      kind: 'grpc',
      address: { host: 'api.example', port: 50_051 },
      ipProtocol: 'auto',
      ipProtocolFallback: true,
      useTls: false,
      tls: { verify: true },
      service: '',
      metadata: {},
    })
  })

  it('shows no credential of its metadata', () => {
    const metadata = { Authorization: 'Bearer sesame-1', 'x-team': 'checkout', trace: '${T}' }
    const text = `targets: [${JSON.stringify({ name: 'a', grpc: 'h:1', metadata })}]`
    const target = parseTarget(text, { env: { T: 'sesame-2' } })
    expect(target.shown['metadata']).toEqual({ ...metadata, Authorization: '<secret>' })
    expect(target.secrets).toEqual(expect.arrayContaining(['sesame-1', 'sesame-2']))
    expect(target.check).toMatchObject({ metadata: { authorization: 'Bearer sesame-1', trace: 'sesame-2' } })
    expect(target.instance).toBe('h:1')
  })
})

describe('websocket', () => {
  it('takes credentials out of its URL, and shows none', () => {
    const keys = {
      name: 'a',
      websocket: 'wss://me:sesame-1@stream.example/room?token=sesame-2&x=1',
      dialogue: [{ send: 'password sesame-3' }],
    }
    const target = parseTarget(`targets: [${JSON.stringify(keys)}]`)
    expect(target.instance).toBe('wss://stream.example/room')
    expect(target.check).toMatchObject({ auth: { type: 'basic', username: 'me', password: 'sesame-1' } })
    const shown = JSON.stringify(target.shown)
    for (const secret of ['sesame-1', 'sesame-2', 'sesame-3']) {
      expect(shown).not.toContain(secret)
      expect(target.secrets).toContain(secret)
    }
    expect(target.shown).not.toHaveProperty('url')
  })
})

describe('icmp', () => {
  it.each(['gateway.example', '192.0.2.1', '::1', '2001:db8::1', '[::1]'])('takes %s for a host', (icmp) => {
    expect(checkOf('icmp', { icmp })).toEqual({
      kind: 'icmp',
      host: icmp.replace(/[[\]]/g, ''),
      ipProtocol: 'auto',
      ipProtocolFallback: true,
      payloadSize: 56,
      dontFragment: false,
    })
  })
})

it.each<[Readonly<Record<string, unknown>>, string]>([
  [{ heartbeat: '0s' }, '"0s" is too short: expected more than zero'],
  [{ heartbeat: 'daily' }, '"daily" is not a valid duration'],
  [{ heartbeat: '1000d' }, '"1000d" is too long: expected at most 366d'],
  [{ heartbeat: '1d', token: '' }, 'is empty: leave it out if anyone may call'],
  [{ heartbeat: '1d', token: 'a b' }, 'contains a character that is not allowed in a token'],
  [{ heartbeat: '1d', url: 'http://a.example' }, 'has more than one check: keep one of url, heartbeat'],
  [{ heartbeat: '1d', service: 'a' }, 'has no effect with heartbeat: remove it'],
  [{ grpc: 'api.example' }, '"api.example" has no port'],
  [{ grpc: 'http://api.example:1' }, 'is a URL: expected an address'],
  [{ grpc: 'h:1', service: 'a b' }, '"a b" is not a valid service name'],
  [{ grpc: 'h:1', authority: 'a\r\nb' }, 'is not a valid authority'],
  [{ grpc: 'h:1', metadata: { 'grpc-timeout': '1' } }, 'this metadata is set by Probity itself'],
  [{ grpc: 'h:1', metadata: { ':path': '/x' } }, 'is not a valid metadata name'],
  [{ grpc: 'h:1', metadata: { a: 'b\r\nc: d' } }, 'contains a character that is not allowed in metadata'],
  [{ websocket: 'https://a.example' }, 'is not a WebSocket URL'],
  [{ websocket: 'ws://' }, 'is not a WebSocket URL'],
  [{ websocket: 'ws://a.example/#x' }, 'has a fragment'],
  [{ websocket: 'ws://a.example', subprotocols: 'a, b' }, '"a, b" is not a valid subprotocol'],
  [
    { websocket: 'ws://a.example', headers: { 'Sec-WebSocket-Key': 'x' } },
    'this header is set by Probity itself',
  ],
  [{ websocket: 'ws://a.example', headers: { Upgrade: 'x' } }, 'this header is set by Probity itself'],
  [{ websocket: 'ws://a.example', dialogue: [{ starttls: true }] }, 'cannot begin TLS: write wss://'],
  [{ websocket: 'ws://me:x@a.example', auth: { bearer: 'y' } }, 'the URL has credentials too'],
  [
    {
      websocket: 'ws://a.example',
      auth: { oauth2: { token_url: 'https://a.example/', client_id: 'a', client_secret: 'b' } },
    },
    'oauth2: is not supported for websocket',
  ],
  [{ icmp: '-f' }, '"-f" is not a valid address'],
  [{ icmp: '--flood' }, '"--flood" is not a valid address'],
  [{ icmp: 'a.example:80' }, '"a.example:80" is not a valid address'],
  [{ icmp: 'a.example; reboot' }, 'is not a valid address'],
  [{ icmp: '1.2.3' }, '"1.2.3" is not a valid address'],
  [{ icmp: 'h', payload_size: 15 }, '15 is out of bounds: expected a whole number from 16 to 65507'],
  [{ icmp: 'h', ttl: 256 }, '256 is out of bounds: expected a whole number from 1 to 255'],
  [{ icmp: 'h', ttl: 'many' }, 'expected a number, got text'],
])('%j is refused', (keys, message) => {
  expect(complaint(keys)).toContain(message)
})
