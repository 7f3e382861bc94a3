import { once } from 'node:events'
import { createSocket } from 'node:dgram'
import { createServer, type AddressInfo } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { describe, expect, it } from 'vitest'
import type { Channel } from '../../src/channels/channel.ts'
import { channelTypes, type ChannelType } from '../../src/channels/index.ts'
import { ntfySettings, ntfy } from '../../src/channels/push/ntfy/ntfy.ts'
import { pushover, pushoverSettings } from '../../src/channels/push/pushover/pushover.ts'
import { signed } from '../../src/channels/push/sns/sigv4.ts'
import { sns, snsSettings } from '../../src/channels/push/sns/sns.ts'
import { aNotification } from '../support/alerts/alerts.ts'
import { channelDependencies, failureOf } from '../support/alerts/channels.ts'
import { firing, hostileNotification, hostileTexts, recovered } from '../support/alerts/notifications.ts'
import { atEnd } from '../support/at-end.ts'
import { createCertificate } from '../support/certificates.ts'
import { startHttpPeer } from '../support/servers/http-peer.ts'
import { incidents } from '../support/services/incidents.ts'

const { signal } = new AbortController()
const context = { name: 'ops', now: Date.parse('2026-11-20T12:00:00Z'), env: {} }

function open(settings: Readonly<Record<string, unknown>> & { type: keyof typeof channelTypes }): Channel {
  const kind: ChannelType = channelTypes[settings.type]
  return kind.create(kind.schema.parse(settings), channelDependencies())
}

describe('Jira', () => {
  const service = incidents.find(({ type }) => type === 'jira')!

  it('has one issue for each time that an alert fires, and resolves it', async () => {
    const peer = await startHttpPeer(service.judge())
    const channel = open({ type: 'jira', ...service.settings(peer.url) })
    for (const notification of [firing, { ...firing, alertCount: 4 }, recovered, recovered, firing])
      await channel.deliver(notification, signal)
    const calls = peer.received.map(({ method, path }) => `${method} ${path.slice('/rest/api/2/'.length)}`)
    expect(calls.filter((call) => call !== 'POST search')).toEqual([
      'POST issue',
      'PUT issue/OPS-1',
      'PUT issue/OPS-1',
      'GET issue/OPS-1/transitions',
      'POST issue/OPS-1/transitions',
      // The end of an alert whose issue is closed already opens none.
      'POST issue',
    ])
  })

  it('names the transitions that there are', async () => {
    const peer = await startHttpPeer(service.judge())
    const channel = open({ type: 'jira', ...service.settings(peer.url), resolve_transition: 'Close' })
    await channel.deliver(firing, signal)
    expect(await failureOf(channel.deliver(recovered, signal))).toMatchObject({
      retry: false,
      message: 'Jira: there is no transition Close: expected one of Done',
    })
  })

  it('gets a document in version 3, and logs in with the token alone where there is no user', async () => {
    const peer = await startHttpPeer(({ path }) =>
      path.endsWith('/search') ? { status: 200, body: '{"issues":[]}' } : { status: 201, body: '{}' },
    )
    await open({
      type: 'jira',
      api_url: `${peer.url}/rest/api/3/`,
      api_token: 't0ken',
      project: 'OPS',
      priority: 'High',
    }).deliver(firing, signal)
    const [, created] = peer.received
    expect(created?.headers.authorization).toBe('Bearer t0ken')
    const { fields } = JSON.parse(created?.body ?? '') as { fields: Record<string, unknown> }
    expect(fields).toMatchObject({
      priority: { name: 'High' },
      description: {
        type: 'doc',
        version: 1,
        content: expect.arrayContaining([
          { type: 'paragraph', content: [{ type: 'text', text: 'Target: shop' }] },
        ]),
      },
    })
  })

  it('tries again after an answer that breaks off', async () => {
    const peer = await startHttpPeer(() => ({ status: 200, body: '{"issues":[' }))
    const channel = open({ type: 'jira', ...service.settings(peer.url) })
    expect(await failureOf(channel.deliver(firing, signal))).toMatchObject({ retry: true })
  })
})

describe('Rocket.Chat', () => {
  it('has not taken what it refuses with 200', async () => {
    const peer = await startHttpPeer(() => ({ status: 200, body: '{"success":false,"error":"not-allowed"}' }))
    const channel = open({
      type: 'rocketchat',
      api_url: peer.url,
      token_id: 'u',
      token: 't',
      channel: '#ops',
    })
    expect(await failureOf(channel.deliver(firing, signal))).toMatchObject({
      retry: false,
      message: 'Rocket.Chat answered 200: {"success":false,"error":"not-allowed"}',
    })
  })
})

describe('the Apprise API', () => {
  it('has notified nobody when it answers 204', async () => {
    const peer = await startHttpPeer(() => ({ status: 204 }))
    const channel = open({ type: 'apprise', url: peer.url, key: 'gone' })
    expect(await failureOf(channel.deliver(firing, signal))).toMatchObject({
      retry: false,
      message: 'the Apprise API answered 204',
    })
  })

  it('may notify the rest of its services later', async () => {
    const peer = await startHttpPeer(() => ({ status: 424, body: '{"error":"one failed"}' }))
    const channel = open({ type: 'apprise', url: peer.url, key: 'ops' })
    expect(await failureOf(channel.deliver(firing, signal))).toMatchObject({ retry: true })
  })
})

describe('ntfy', () => {
  it.each([
    [{ token: 'tk_1' }, 'Bearer tk_1'],
    [{ username: 'me', password: 'p' }, `Basic ${Buffer.from('me:p').toString('base64')}`],
    [{}, undefined],
  ])('lets in with %j', (given, authorization) => {
    const settings = ntfySettings.parse({ type: 'ntfy', topic: 'ops', ...given })
    expect(ntfy.message(firing, settings, context).headers?.['authorization']).toBe(authorization)
  })
})

describe('Pushover', () => {
  it('repeats a message of priority 2 until somebody confirms it', () => {
    const given = {
      type: 'pushover',
      user_key: 'u',
      token: 't',
      priority: '2',
      retry: '10s',
      device: 'phone',
      sound: 'siren',
    }
    const { body } = pushover.message(firing, pushoverSettings.parse(given), context)
    expect(Object.fromEntries(body as URLSearchParams)).toMatchObject({
      priority: '2',
      retry: '30',
      expire: '3600',
      device: 'phone',
      sound: 'siren',
    })
  })

  it('has no priority 3', () => {
    const { error } = pushoverSettings.safeParse({ type: 'pushover', user_key: 'u', token: 't', priority: 3 })
    expect(error?.issues[0]?.message).toBe('expected a whole number from -2 to 2')
  })
})

describe('SNS', () => {
  it('is signed as AWS shows it', () => {
    // The example of https://docs.aws.amazon.com/general/latest/gr/sigv4-signed-request-examples.html has no body of ours: this is
    // post-x-www-form-urlencoded of the test suite that AWS publishes.
    const keys = { accessKey: 'AKIDEXAMPLE', secretKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
    const request = {
      url: new URL('https://example.amazonaws.com/'),
      body: 'Param1=value1',
      service: 'service',
      region: 'us-east-1',
      now: Date.parse('2015-08-30T12:36:00Z'),
    }
    expect(signed(request, keys)['authorization']).toBe(
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    )
  })

  const settings = snsSettings.parse({ type: 'sns', topic_arn: 'arn:aws:sns:eu-west-1:1:alerts.fifo' })

  it('takes keys, also for a while, and the region from where they are', () => {
    const env = { AWS_ACCESS_KEY_ID: 'ID', AWS_SECRET_ACCESS_KEY: 'key', AWS_SESSION_TOKEN: 'session' }
    const { url, headers, body } = sns.message(firing, settings, { ...context, env })
    expect(url).toBe('https://sns.eu-west-1.amazonaws.com/')
    expect(headers).toMatchObject({
      'x-amz-security-token': 'session',
      authorization: expect.stringContaining('Credential=ID/20261120/eu-west-1/sns/'),
    })
    expect((body as URLSearchParams).get('MessageGroupId')).toBe(firing.fingerprint)
  })

  it('says what is missing where there are none', () => {
    expect(() => sns.message(firing, settings, context)).toThrow(
      'there is no access key: set sigv4.access_key',
    )
  })
})

/** RFC 5424, section 6. */
const line =
  /^<(\d{1,3})>1 (\S+Z) ([!-~]+) probity - ([!-~]{1,32}) \[probity@32473((?: [a-z]+="(?:[^"\\\]]|\\["\\\]])*")+)\] \ufeff([^\n\r]+)$/

describe('syslog', () => {
  async function udpServer(): Promise<{ port: number; next: () => Promise<Buffer> }> {
    const socket = createSocket('udp4')
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    atEnd(() => new Promise<void>((resolve) => socket.close(resolve)))
    const received: Buffer[] = []
    const waiting: ((message: Buffer) => void)[] = []
    socket.on('message', (message) => {
      const take = waiting.shift()
      if (take) take(message)
      else received.push(message)
    })
    const next = (): Promise<Buffer> => {
      const message = received.shift()
      return message ? Promise.resolve(message) : new Promise((resolve) => waiting.push(resolve))
    }
    return { port: socket.address().port, next }
  }

  const settings = { type: 'syslog', host: '127.0.0.1', hostname: 'here', facility: 'local0' } as const

  it('gets one line for a beginning, an end and a test', async () => {
    const server = await udpServer()
    const channel = open({ ...settings, port: server.port })
    await channel.deliver(firing, signal)
    const text = (await server.next()).toString()
    expect(text).toMatch(line)
    expect(text).toContain(
      '<130>1 2026-11-20T12:00:00.000Z here probity - TargetDown [probity@32473 status="firing" alertname="TargetDown" target="shop" severity="critical" fingerprint="c30d72ef72a2c6ea"] \ufeffCRITICAL: shop has failed every check',
    )
    expect(text).toContain('; Last success: 2026-11-20 11:58:00 UTC; ')
    await channel.deliver(recovered, signal)
    expect((await server.next()).toString()).toMatch(/^<133>1 .* status="resolved" /)
    await channel.deliver(aNotification({ test: true, severity: '' }), signal)
    expect((await server.next()).toString()).toMatch(/^<134>1 .* test="true"\] /)
  })

  it.each(Object.entries(hostileTexts))('gets one line of at most 2,048 bytes of %s', async (_name, text) => {
    const server = await udpServer()
    await open({ ...settings, port: server.port }).deliver(hostileNotification(text), signal)
    const message = await server.next()
    expect(message.toString()).toMatch(line)
    expect(message.length).toBeLessThanOrEqual(2048)
  })

  it.each(['tcp', 'tls'] as const)('gets its length before it over %s', async (protocol) => {
    const { key, cert } = createCertificate({ name: 'logs', ip: ['127.0.0.1'] })
    const server = protocol === 'tcp' ? createServer() : createTlsServer({ key, cert })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    atEnd(
      () =>
        new Promise<void>((resolve) =>
          server.close(() => {
            resolve()
          }),
        ),
    )
    const arrived = new Promise<Buffer>((resolve) => {
      server.on(protocol === 'tcp' ? 'connection' : 'secureConnection', (socket: NodeJS.ReadableStream) => {
        const chunks: Buffer[] = []
        socket.on('data', (chunk: Buffer) => void chunks.push(chunk))
        socket.on('error', () => undefined)
        socket.on('end', () => {
          resolve(Buffer.concat(chunks))
        })
      })
    })
    const { port } = server.address() as AddressInfo
    await open({ ...settings, port, protocol, tls_verify: false }).deliver(firing, signal)
    const bytes = await arrived
    const [, length = '', text = ''] = /^(\d+) ([^]*)$/.exec(bytes.toString()) ?? []
    expect(Number(length)).toBe(Buffer.byteLength(text))
    expect(text).toMatch(line)
    if (protocol === 'tcp') return
    const refused = await failureOf(open({ ...settings, port, protocol }).deliver(firing, signal))
    expect(refused).toMatchObject({ retry: true, message: expect.stringContaining('certificate') })
  })

  it('is tried again while nobody listens', async () => {
    const channel = open({ ...settings, port: 1, protocol: 'tcp' })
    expect(await failureOf(channel.deliver(firing, signal))).toMatchObject({
      retry: true,
      message: expect.stringContaining('ECONNREFUSED'),
    })
    await expect(channel.deliver(firing, AbortSignal.abort())).rejects.toThrow('aborted')
  })
})

describe('a call', () => {
  it('is made at the end too where that is asked for, and to each number', async () => {
    const peer = await startHttpPeer(() => ({ status: 201 }))
    const given = {
      type: 'voice',
      account_sid: 'AC1',
      auth_token: 't0ken',
      from: '+4930123457',
      to: '+4930123456,+4930123458',
    } as const
    const channel = open({ ...given, url: peer.url, send_resolved: true, language: 'de-DE' })
    await channel.deliver(recovered, signal, '+4930123458')
    expect(new URLSearchParams(peer.received[0]?.body).get('Twiml')).toBe(
      '<Response><Pause length="1"/><Say language="de-DE" loop="2">Probity. RESOLVED: TargetDown of shop after 5m30s.</Say></Response>',
    )
    await channel.deliver(firing, signal)
    expect(peer.received).toHaveLength(3)
  })
})
