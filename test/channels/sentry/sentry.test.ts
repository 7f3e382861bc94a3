import { describe, expect, it } from 'vitest'
import { limitOf } from '../../../src/channels/sentry/client.ts'
import { parseDsn } from '../../../src/channels/sentry/dsn.ts'
import {
  createErrorReporter,
  createSentryChannel,
  sentrySettings,
  type ErrorReporter,
} from '../../../src/channels/sentry/sentry.ts'
import { ProbityError } from '../../../src/lib/errors.ts'
import { aNotification } from '../../support/alerts/alerts.ts'
import { channelDependencies, failureOf } from '../../support/alerts/channels.ts'
import { testClock, type TestClock } from '../../support/time/clock.ts'
import { firing, recovered, testMessage } from '../../support/alerts/notifications.ts'
import type { HttpPeer } from '../../support/servers/http-peer.ts'
import {
  dsnOf,
  eventIn,
  publicKey,
  startSentryPeer,
  type ReceivedEvent,
} from '../../support/servers/sentry-peer.ts'

const { signal } = new AbortController()

async function begin(): Promise<{
  peer: HttpPeer
  clock: TestClock
  channel: ReturnType<typeof createSentryChannel>
}> {
  const peer = await startSentryPeer()
  const clock = testClock()
  const settings = sentrySettings.parse({ type: 'sentry', dsn: dsnOf(peer.url), environment: 'production' })
  return { peer, clock, channel: createSentryChannel(settings, channelDependencies({ clock })) }
}

const eventsOf = (peer: HttpPeer): ReceivedEvent[] => peer.received.map(({ body }) => eventIn(body))

describe('an alert in Sentry', () => {
  it('is an event with all that is known', async () => {
    const { peer, channel } = await begin()
    await channel.deliver(firing, signal)
    expect(eventsOf(peer)).toEqual([
      {
        event_id: expect.any(String),
        timestamp: Date.parse('2026-11-20T12:00:00Z') / 1000,
        platform: 'node',
        level: 'error',
        logger: 'probity',
        release: expect.stringMatching(/^probity@\d/),
        environment: 'production',
        sdk: { name: 'probity', version: expect.any(String) },
        message: {
          formatted:
            'CRITICAL: shop has failed every check for 1m30s, expected less than 1m15s, reason: status (expected 2xx, got 503)',
        },
        fingerprint: ['probity', 'TargetDown', 'shop'],
        tags: {
          alertname: 'TargetDown',
          target: 'shop',
          severity: 'critical',
          reason: 'status',
          instance: 'https://shop.example.com/health',
          job: 'probity-targets',
          location: 'berlin',
          team: 'checkout',
          vendor: 'stripe',
        },
        extra: expect.objectContaining({
          Runbook: 'https://wiki.example.com/shop?a=1&b=2',
          'Last output': 'HTTP 503 Service Unavailable\nretry later',
        }),
      },
    ])
  })

  it('is one issue per target, and one event however often it is sent', async () => {
    const { peer, channel } = await begin()
    const other = aNotification({ target: 'blog', fingerprint: 'b' })
    for (const notification of [firing, firing, { ...firing, alertCount: 4 }, other]) {
      await channel.deliver(notification, signal)
    }
    const [first, again, next, blog] = eventsOf(peer)
    expect(again?.event_id).toBe(first?.event_id)
    expect(next?.event_id).not.toBe(first?.event_id)
    expect(next?.fingerprint).toEqual(first?.fingerprint)
    expect(blog?.fingerprint).toEqual(['probity', 'TargetDown', 'blog'])
  })

  it('opens no issue by its end', async () => {
    const { peer, channel } = await begin()
    await channel.deliver(recovered, signal)
    expect(peer.received).toEqual([])
  })

  it('that is a test is a separate issue, and a new event each time', async () => {
    const { peer, clock, channel } = await begin()
    await channel.deliver(testMessage, signal)
    clock.advance(1)
    await channel.deliver(testMessage, signal)
    const [one, two] = eventsOf(peer)
    expect(one).toMatchObject({ level: 'info', fingerprint: ['probity', 'test', 'Test', ''] })
    expect(two?.event_id).not.toBe(one?.event_id)
  })

  it.each([
    ['warning', 'warning'],
    ['info', 'info'],
    ['', 'error'],
    ['constructor', 'error'],
  ])('of severity %j has the level %s', async (severity, level) => {
    const { peer, channel } = await begin()
    await channel.deliver(aNotification({ severity }), signal)
    expect(eventsOf(peer)[0]?.level).toBe(level)
  })
})

describe('the limits of Sentry', () => {
  it.each([
    [
      'after a refusal',
      429,
      { 'x-sentry-rate-limits': '60:default;error:organization, 2700:transaction:key' },
    ],
    ['after a refusal that only says when', 429, { 'retry-after': '60' }],
    ['after an event that was taken', 200, { 'x-sentry-rate-limits': '60::organization' }],
  ])('are kept %s: nothing is sent before', async (_when, status, headers) => {
    const { peer, clock, channel } = await begin()
    peer.next.push({ status, headers })
    if (status === 429) {
      expect(await failureOf(channel.deliver(firing, signal))).toMatchObject({
        retry: true,
        retryAfterSeconds: 60,
      })
    } else {
      await channel.deliver(firing, signal)
    }
    clock.advance(20)
    expect(await failureOf(channel.deliver(firing, signal))).toMatchObject({
      retry: true,
      retryAfterSeconds: 40,
      message: 'Sentry accepts no events for another 40 s',
    })
    expect(peer.received).toHaveLength(1)
    clock.advance(40)
    await channel.deliver(firing, signal)
    expect(peer.received).toHaveLength(2)
  })

  it.each<[string | undefined, number]>([
    [undefined, 0],
    ['', 0],
    ['60', 60],
    ['60::organization', 60],
    ['60:error:key', 60],
    ['60:transaction:key', 0],
    ['60:transaction:key, 30:default;error:project:reason:x', 30],
    ['5:error, 90::, 7:error', 90],
    ['soon:error', 0],
  ])('are read from %j', (header, seconds) => {
    expect(limitOf(header)).toBe(seconds)
  })
})

describe('a DSN', () => {
  it.each([
    ['https://abc@o1.ingest.sentry.io/42', 'https://o1.ingest.sentry.io/api/42/envelope/'],
    ['http://abc:old-secret@sentry.example.com:9000/42', 'http://sentry.example.com:9000/api/42/envelope/'],
    ['https://abc@example.com/folder/sentry/42/', 'https://example.com/folder/sentry/api/42/envelope/'],
  ])('%s leads to %s', (text, url) => {
    expect(parseDsn(text)).toEqual({ url, publicKey: 'abc', text })
  })

  it.each([
    ['42', 'is not a valid DSN'],
    ['ftp://abc@example.com/42', 'is not a valid DSN'],
    ['https://example.com/42', 'has no key'],
    ['https://abc@example.com', 'has no project'],
    ['https://abc@example.com/', 'has no project'],
  ])('%s is refused: it %s', (text, words) => {
    expect(() => parseDsn(text)).toThrow(
      `${words}: expected one such as https://key@o1.ingest.sentry.io/42, from the settings of the project`,
    )
  })
})

describe('an error of Probity', () => {
  async function start(
    secrets: string[] = [],
  ): Promise<{ peer: HttpPeer; clock: TestClock; reporter: ErrorReporter }> {
    const peer = await startSentryPeer()
    const clock = testClock()
    const reporter = createErrorReporter({
      dsn: dsnOf(peer.url),
      clock,
      timeoutMs: 500,
      secrets: () => secrets,
    })
    return { peer, clock, reporter }
  }

  it('arrives with what caused it and where', async () => {
    const { peer, reporter } = await start()
    const error = new ProbityError('STATE_CLOSED', 'it broke', { cause: new TypeError('no such thing') })
    await expect(reporter.captureError(error)).resolves.toBe(true)
    const [event] = eventsOf(peer)
    expect(event).toMatchObject({
      level: 'error',
      exception: {
        values: [
          { type: 'TypeError', value: 'no such thing' },
          { type: 'ProbityError', value: 'it broke' },
        ],
      },
    })
    const frames = event?.exception?.values[1]?.stacktrace?.frames
    expect(frames?.at(-1)).toMatchObject({ filename: expect.stringContaining('sentry.test'), in_app: true })
    expect(frames?.some(({ in_app: own }) => !own)).toBe(true)
  })

  it.each([['a text'], [undefined], [null], [{ a: 1 }], [42]])(
    'may be anything that was thrown: %p',
    async (thrown) => {
      const { peer, reporter } = await start()
      await expect(reporter.captureError(thrown)).resolves.toBe(true)
      expect(eventsOf(peer)).toHaveLength(1)
    },
  )

  it('may be its own cause', async () => {
    const { peer, reporter } = await start()
    const error = new Error('a')
    error.cause = error
    await reporter.captureError(error)
    expect(eventsOf(peer)[0]?.exception?.values).toHaveLength(5)
  })

  it('takes no secret along', async () => {
    const { peer, reporter } = await start(['hunter22'])
    await reporter.captureError(new Error('cannot log in with hunter22'))
    expect(peer.received[0]?.body).not.toContain('hunter22')
  })

  it('never becomes another error', async () => {
    const { peer, reporter } = await start()
    peer.next.push('reset', { status: 400 }, 'silence')
    for (let i = 0; i < 3; i++) await expect(reporter.captureError(new Error('x'))).resolves.toBe(false)
    await peer.stop()
    await expect(reporter.captureError(new Error('x'))).resolves.toBe(false)
  })

  it('is reported ten times a minute at most', async () => {
    const { peer, clock, reporter } = await start()
    for (let i = 0; i < 12; i++) await reporter.captureError(new Error('x'))
    expect(peer.received).toHaveLength(10)
    clock.advance(61)
    await expect(reporter.captureError(new Error('x'))).resolves.toBe(true)
  })

  it('is not told to what is not a valid DSN', () => {
    expect(() => createErrorReporter({ dsn: `https://${publicKey}@`, clock: testClock() })).toThrow(
      'is not a valid DSN',
    )
  })
})
