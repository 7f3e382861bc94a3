import { describe, expect, it } from 'vitest'
import { createDeliveryQueue } from '../../src/alerts/delivery/delivery-queue.ts'
import { writeBehind } from '../../src/alerts/delivery/write-behind.ts'
import type { Channel } from '../../src/channels/channel.ts'
import type { ChannelDependencies } from '../../src/channels/dependencies.ts'
import { createPagerdutyChannel } from '../../src/channels/pagerduty/pagerduty.ts'
import { createSentryChannel, sentrySettings } from '../../src/channels/sentry/sentry.ts'
import { createSlackChannel } from '../../src/channels/slack/slack.ts'
import { createSmsChannel } from '../../src/channels/sms/sms.ts'
import { createWebhookChannel } from '../../src/channels/webhook/webhook.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { channelDependencies, failureOf } from '../support/alerts/channels.ts'
import { memoryMap } from '../support/memory-map.ts'
import { firing } from '../support/alerts/notifications.ts'
import { resetAfter, stall, startRawPeer, type RawAnswer } from '../support/servers/raw-peer.ts'
import { dsnOf } from '../support/servers/sentry-peer.ts'
import { slackPath } from '../support/servers/slack-peer.ts'
import { testTime } from '../support/time/timers.ts'

const { signal } = new AbortController()
const ok = 'Content-Length: 2\r\nConnection: close\r\n\r\nok'
const chunked = 'Transfer-Encoding: chunked\r\n'

/** What stands after `HTTP/1.1 200`. */
const oddRests: Readonly<Record<string, string>> = {
  'a control character in a header': ` OK\r\nSet-Cookie: v=a\x01b\r\n${ok}`,
  'a DEL in a header': ` OK\r\nX-A: a\x7fb\r\n${ok}`,
  'a NUL in a header': ` OK\r\nX-A: a\0b\r\n${ok}`,
  'bytes above 127 in a header and in the reason': ` Ti\xe9s\r\nX-\xfc: \xff\r\n${ok}`,
  'lines that end in a line feed': ' OK\nContent-Length: 2\nConnection: close\n\nok',
  'lines that end in a carriage return': ' OK\rContent-Length: 2\r\rok',
  'a blank between the carriage return and the line feed': ` OK\r\nX-A: b\r \n${ok}`,
  'the same length twice': ` OK\r\nContent-Length: 2\r\n${ok}`,
  'the same length twice in one header': ' OK\r\nContent-Length: 2, 2\r\n\r\nok',
  'two lengths that differ': ` OK\r\nContent-Length: 7\r\n${ok}`,
  'a length that is not a number': ' OK\r\nContent-Length: two\r\n\r\nok',
  'a length below zero': ' OK\r\nContent-Length: -1\r\n\r\nok',
  'a length that no number holds': ` OK\r\nContent-Length: ${'9'.repeat(40)}\r\n\r\nok`,
  'a length and chunks': ` OK\r\nContent-Length: 2\r\n${chunked}\r\n2\r\nok\r\n0\r\n\r\n`,
  'chunks that are none': ` OK\r\n${chunked}\r\nok`,
  'chunk sizes with blanks': ` OK\r\n${chunked}\r\n2  \r\nok\r\n0  \r\n\r\n`,
  'another coding than chunked': ' OK\r\nTransfer-Encoding: gzip, identity\r\n\r\nok',
  'a folded header': ` OK\r\nX-A: a\r\n b\r\n${ok}`,
  'a folded first header': ` OK\r\n b\r\n${ok}`,
  'a blank in the name of a header': ` OK\r\nX A: b\r\n${ok}`,
  'a blank before a colon': ` OK\r\nX-A : b\r\n${ok}`,
  'a header without a colon': ` OK\r\nwelcome\r\n${ok}`,
  'a header without a name': ` OK\r\n: b\r\n${ok}`,
  'a header of 100 kB': ` OK\r\nX-A: ${'a'.repeat(100_000)}\r\n${ok}`,
  'headers of 1 MB': ` OK\r\n${`X-A: ${'a'.repeat(10_000)}\r\n`.repeat(100)}${ok}`,
  'a reason of 1 MB': ` ${'OK'.repeat(500_000)}\r\n${ok}`,
  'no reason and no blank': `\r\n${ok}`,
  'a body that is shorter than its length': ' OK\r\nContent-Length: 7\r\n\r\nok',
  'bytes after its end': ` OK\r\n${ok}HTTP/1.1 500 Oh\r\n\r\n`,
  'an upgrade that nobody asked for': ` OK\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n`,
  'the end before the end of its headers': ' OK\r\nContent-Len',
  'the end before the end of its status line': '',
}

const oddAnswers: Readonly<Record<string, RawAnswer>> = {
  ...Object.fromEntries(Object.entries(oddRests).map(([what, rest]) => [what, `HTTP/1.1 200${rest}`])),
  'a body where none may be': 'HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nok',
  'another minor version': `HTTP/1.2 200 OK\r\n${ok}`,
  'the version before': 'HTTP/1.0 200 OK\r\n\r\nok',
  'two blanks in its status line': `HTTP/1.1  200 OK\r\n${ok}`,
  'empty lines before it': `\r\n\r\nHTTP/1.1 200 OK\r\n${ok}`,
  'answers in advance that nobody asked for': `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\nLink: </a\x01>\n\nHTTP/1.1 201 Created\r\n${ok}`,
  'a reset after its status line': resetAfter('HTTP/1.1 200 OK\r\n'),
  'a reset after its headers': resetAfter('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n'),
  'a body that never ends': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n')
    const write = (): void => {
      while (!socket.destroyed && socket.write('x'.repeat(65_536)));
    }
    socket.on('drain', write)
    write()
  },
  'a body that does not come': stall('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n'),
}

interface Outcome {
  /** How often the receiver was notified. */
  readonly received: number
  readonly delivered: number
  readonly waiting: number
  readonly gaveUp: number
  /** What the attempt failed with. */
  readonly error?: string
}

/** Lets an queue deliver to a webhook that gives this answer, until the first attempt is over. */
async function outcomeOf(answer: RawAnswer, timeoutMs = 15_000): Promise<Outcome> {
  const peer = await startRawPeer(answer)
  const { clock, timers } = testTime()
  const settings = { type: 'webhook' as const, url: `${peer.url}/`, method: 'POST' as const }
  const channel = createWebhookChannel(settings, channelDependencies({ timeoutMs }))
  let delivered = 0
  return new Promise((resolve) => {
    const over = (): void => {
      // What the queue makes of it is noted right after.
      setImmediate(() => {
        const [waiting, gaveUp] = [queue.size, queue.undelivered.length]
        const error = queue.pending()[0]?.lastError ?? queue.undelivered[0]?.error
        void queue.stop().then(() => {
          resolve({
            received: peer.received.length,
            delivered,
            waiting,
            gaveUp,
            ...(error !== undefined && { error }),
          })
        })
      })
    }
    const queue = createDeliveryQueue({
      state: writeBehind(memoryMap()),
      openChannel: () => ({
        channel,
        delivery: { concurrency: 1, perMinute: 6000, giveUpAfter: 3600, maxAttempts: 100 },
      }),
      events: {
        delivered() {
          delivered++
          over()
        },
        gaveUp: over,
        retried: () => undefined,
        repeated: () => undefined,
      },
      clock,
      timers,
      log: createLogger({
        destination: {
          write(line) {
            if (line.includes('will be retried')) over()
          },
        },
      }),
      random: () => 1,
    })
    queue.add({ channel: 'ops', incident: 1, notification: firing, onlyIfTold: false })
    queue.start()
  })
}

const once: Outcome = { received: 1, delivered: 1, waiting: 0, gaveUp: 0 }

function again(words: RegExp): object {
  return { received: 1, delivered: 0, waiting: 1, gaveUp: 0, error: expect.stringMatching(words) }
}

function never(words: RegExp): object {
  return { received: 1, delivered: 0, waiting: 0, gaveUp: 1, error: expect.stringMatching(words) }
}

describe('a notification is delivered, once, when the answer says 2xx and has', () => {
  it.each(Object.entries(oddAnswers))('%s', async (_what, answer) => {
    expect(await outcomeOf(answer)).toEqual(once)
  })

  it.each([
    ['headers that do not come', 'HTTP/1.1 200 OK\r\nX-A: b\r\n'],
    ['a status line that does not end', 'HTTP/1.1 200'],
  ])('%s, which ends the attempt in time', async (_what, bytes) => {
    expect(await outcomeOf(stall(bytes), 3000)).toEqual(once)
  })
})

describe('a notification is tried again', () => {
  it.each(Object.entries(oddRests))('when the answer says 500 and has %s', async (_what, rest) => {
    expect(await outcomeOf(`HTTP/1.1 500${rest}`)).toEqual(again(/^webhook ops answered 500/))
  })

  it.each<[string, RawAnswer, RegExp]>([
    [
      'when a reset follows 503',
      resetAfter('HTTP/1.1 503 Busy\r\n'),
      /answered 503: \(the answer is truncated\)$/,
    ],
    ['when the other side changes the protocol', 'HTTP/1.1 101 Switching Protocols\r\n\r\n', /answered 101$/],
    ['when the answer ends within its status', 'HTTP/1.1 20', /no answer: the connection was closed$/],
    ['when the status has four digits', `HTTP/1.1 2000 OK\r\n${ok}`, /no answer: what came is not HTTP$/],
    [
      'when only an answer in advance comes',
      'HTTP/1.1 100 Continue\r\n\r\n',
      /no answer: the connection was closed$/,
    ],
    [
      'when an answer in advance breaks off',
      'HTTP/1.1 100 Continue\r\nX-A: 2',
      /no answer: the connection was closed$/,
    ],
    ['when something else speaks', stall('SSH-2.0-OpenSSH_9.6\r\n'), /no answer: what came is not HTTP$/],
    [
      'when what comes has no lines',
      stall('\x15\x03\x01\x00\x02\x02\x46'),
      /no answer: what came is not HTTP$/,
    ],
    ['when nothing comes', '', /no answer: the connection was closed$/],
  ])('%s', async (_what, answer, words) => {
    expect(await outcomeOf(answer)).toEqual(again(words))
  })
})

describe('a notification is given up', () => {
  it.each(Object.entries(oddRests))('when the answer says 404 and has %s', async (_what, rest) => {
    expect(await outcomeOf(`HTTP/1.1 404${rest}`)).toEqual(never(/^webhook ops answered 404/))
  })

  it.each<[string, RawAnswer, RegExp]>([
    [
      'a reset follows 404',
      resetAfter('HTTP/1.1 404 Not Found\r\n'),
      /answered 404: \(the answer is truncated\)$/,
    ],
    [
      'an odd answer redirects',
      'HTTP/1.1 302 Found\nLocation: /else\x01where\n\n',
      /redirects are not followed$/,
    ],
  ])('when %s', async (_what, answer, words) => {
    expect(await outcomeOf(answer)).toEqual(never(words))
  })
})

const kinds: Readonly<
  Record<string, [status: number, create: (url: string, given: ChannelDependencies) => Channel]>
> = {
  slack: [200, (url, given) => createSlackChannel({ type: 'slack', webhook_url: url + slackPath }, given)],
  pagerduty: [
    202,
    (url, given) => createPagerdutyChannel({ type: 'pagerduty', routing_key: 'r0uting', url }, given),
  ],
  sms: [
    201,
    (url, given) =>
      createSmsChannel(
        { type: 'sms', account_sid: 'AC1', auth_token: 't0ken', from: 'Shop', to: ['+4930123456'], url },
        given,
      ),
  ],
  sentry: [
    200,
    (url, given) => createSentryChannel(sentrySettings.parse({ type: 'sentry', dsn: dsnOf(url) }), given),
  ],
}

describe.each(Object.entries(kinds))('the %s channel', (_type, [status, create]) => {
  it.each(Object.entries(oddRests))('has delivered when the answer has %s', async (_what, rest) => {
    const peer = await startRawPeer(`HTTP/1.1 ${status}${rest}`)
    await create(peer.url, channelDependencies({ timeoutMs: 15_000 })).deliver(firing, signal)
    expect(peer.received).toHaveLength(1)
  })
})

describe('the wait that an odd answer asks for is respected', () => {
  it.each<[string, RawAnswer]>([
    ['among lines that end in a line feed', 'HTTP/1.1 429 Slow\nRetry-After: 17\n\nlater'],
    ['next to a control character', `HTTP/1.1 503 Busy\r\nX-A: \x01\r\nRetry-After: 17\r\n${ok}`],
    ['on a folded line', `HTTP/1.1 503 Busy\r\nRetry-After:\r\n  17\r\n${ok}`],
    ['with a blank before its colon', `HTTP/1.1 503 Busy\r\nRetry-After : 17\r\n${ok}`],
    ['twice', `HTTP/1.1 503 Busy\r\nRetry-After: 17\r\nRetry-After: 17\r\n${ok}`],
    ['before a reset', resetAfter('HTTP/1.1 429 Slow\r\nRetry-After: 17\r\nX-A: ')],
    ['before headers of 1 MB', `HTTP/1.1 429 Slow\r\nRetry-After: 17\r\nX-A: ${'a'.repeat(1_000_000)}`],
  ])('%s', async (_where, answer) => {
    const peer = await startRawPeer(answer)
    const settings = { type: 'webhook' as const, url: peer.url, method: 'POST' as const }
    const channel = createWebhookChannel(settings, channelDependencies({ timeoutMs: 15_000 }))
    const error = await failureOf(channel.deliver(firing, signal))
    expect(error).toMatchObject({ retry: true, retryAfterSeconds: 17 })
  })

  it('also where Sentry has taken the event', async () => {
    const answer = `HTTP/1.1 200 OK\nX-Sentry-Rate-Limits: 60:error:project\nX-A: \x01\n\n{}`
    const peer = await startRawPeer(answer)
    const settings = sentrySettings.parse({ type: 'sentry', dsn: dsnOf(peer.url) })
    const channel = createSentryChannel(settings, channelDependencies({ timeoutMs: 15_000 }))
    await channel.deliver(firing, signal)
    const error = await failureOf(channel.deliver(firing, signal))
    expect(error).toMatchObject({ retry: true, retryAfterSeconds: 60 })
    expect(peer.received).toHaveLength(1)
  })
})
