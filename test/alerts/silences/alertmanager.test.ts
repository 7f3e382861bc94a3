import { describe, expect, it } from 'vitest'
import { alertmanagerSilences } from '../../../src/alerts/silences/alertmanager.ts'
import { askApi } from '../../../src/alerts/silences/ask.ts'
import { watchAcknowledgements } from '../../../src/alerts/silences/ended-acknowledgements.ts'
import type { FiringAlert, SilenceKeeper } from '../../../src/alerts/silences/keeper.ts'
import { forPages } from '../../../src/alerts/silences/patient-keeper.ts'
import { readAcknowledgement, readSilence } from '../../../src/alerts/silences/request.ts'
import type { Silence } from '../../../src/alerts/silences/silence.ts'
import { formatMatcher } from '../../../src/config/notify/matchers.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { anAlert } from '../../support/alerts/alerts.ts'
import { deadUrl, startHttpPeer, type Misbehaviour, type Reply } from '../../support/servers/http-peer.ts'
import { testTime } from '../../support/time/timers.ts'

const now = Date.parse('2026-11-21T12:00:00Z')
const reading = { targets: ['shop', 'blog'], by: 'anna', now }
const shop = anAlert()
const log = createLogger({ destination: { write: () => undefined } })
const json = (value: unknown, status = 200): Reply => ({ status, body: JSON.stringify(value) })

const silence = readSilence({ match: 'team=~"a|b",severity!~"x.+"', for: '2h', comment: 'why' }, reading)

/** As Alertmanager lists one. */
const listed = {
  id: 'a1',
  status: { state: 'active' },
  matchers: [{ name: 'target', value: 'shop', isRegex: false, isEqual: true }],
  startsAt: '2026-11-21T12:00:00.123456789Z',
  endsAt: '2026-11-21T14:00:00Z',
  createdBy: 'amtool',
  comment: 'by hand',
}

describe('silences in Alertmanager', () => {
  it('are made with its words, one request for each, with user and password', async () => {
    const peer = await startHttpPeer(() => json({ silenceID: 'a1' }))
    const url = new URL(`${peer.url}/am/`)
    url.username = 'us%65r'
    url.password = 'p@ss'
    const made = await alertmanagerSilences(askApi({ url })).add([silence])
    expect(made).toMatchObject([{ id: 'a1', comment: 'why' }])
    const [{ method, path, headers, body } = { body: '' }] = peer.received
    expect([method, path]).toEqual(['POST', '/am/api/v2/silences'])
    expect(Buffer.from(headers?.['authorization']?.split(' ')[1] ?? '', 'base64').toString()).toBe(
      'user:p@ss',
    )
    expect(JSON.parse(body)).toEqual({
      matchers: [
        { name: 'team', value: 'a|b', isRegex: true, isEqual: true },
        { name: 'severity', value: 'x.+', isRegex: true, isEqual: false },
      ],
      startsAt: '2026-11-21T12:00:00.000Z',
      endsAt: '2026-11-21T14:00:00.000Z',
      createdBy: 'anna',
      comment: 'why',
    })
  })

  it('are listed with those that others have made, also with matchers that only it understands', async () => {
    const strange = [
      { name: 'odd.name', value: 'x', isRegex: false, isEqual: false },
      { name: 'a', value: '(', isRegex: true },
    ]
    const peer = await startHttpPeer(() =>
      json([listed, { ...listed, id: 'a2', matchers: strange }, { ...listed, status: { state: 'expired' } }]),
    )
    const [first, second, ...others] = await alertmanagerSilences(askApi({ url: new URL(peer.url) })).list()
    expect(first).toMatchObject({ id: 'a1', createdBy: 'amtool', comment: 'by hand' })
    expect(second?.matchers.map(formatMatcher)).toEqual(['odd.name!="x"', 'a=~"("'])
    expect(second?.matchers.some(({ matches }) => matches({ a: '(' }))).toBe(false)
    expect(others).toEqual([])
  })

  it('that acknowledge say so in their comment, and are known by it', async () => {
    const [ack] = readAcknowledgement({ target: 'shop', comment: 'on my way' }, [shop], reading)
    const kept: object[] = []
    const peer = await startHttpPeer(({ method, body }) => {
      if (method === 'GET') return json(kept)
      kept.push({ ...(JSON.parse(body) as object), id: 'a3', status: { state: 'active' } })
      return json({ silenceID: 'a3' })
    })
    const keeper = alertmanagerSilences(askApi({ url: new URL(peer.url) }))
    await keeper.add([ack!])
    expect(kept).toMatchObject([{ comment: 'acknowledged by anna: on my way' }])
    expect(await keeper.list()).toMatchObject([
      { comment: 'on my way', acknowledges: { alertname: 'TargetDown', target: 'shop' } },
    ])
  })

  it('are made all or none', async () => {
    const peer = await startHttpPeer(() => json(null))
    peer.next.push(
      json({ silenceID: 'a1' }),
      { status: 400, body: '"silence invalid: too old"\n' },
      { status: 200 },
    )
    const keeper = alertmanagerSilences(askApi({ url: new URL(peer.url) }))
    await expect(keeper.add([silence, silence])).rejects.toThrow(
      'Alertmanager answered 400: silence invalid: too old',
    )
    expect(peer.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/v2/silences',
      'POST /api/v2/silences',
      'DELETE /api/v2/silence/a1',
    ])
  })

  it('end, and one that is not there is not asked for', async () => {
    const peer = await startHttpPeer(({ method }) => (method === 'GET' ? json([listed]) : { status: 200 }))
    const keeper = alertmanagerSilences(askApi({ url: new URL(peer.url) }))
    expect(await keeper.end('../alerts')).toBeUndefined()
    expect(await keeper.end('a1')).toMatchObject({ id: 'a1' })
    expect(peer.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /api/v2/silences',
      'GET /api/v2/silences',
      'DELETE /api/v2/silence/a1',
    ])
  })

  it.each<[string, Reply | Misbehaviour, RegExp]>([
    ['an error', { status: 500, body: 'x'.repeat(1000) }, /^Alertmanager answered 500: x{499}…$/],
    ['no JSON', { status: 200, body: '<html>' }, /^Alertmanager answered something that is not JSON$/],
    ['other JSON', json({}), /^Alertmanager answered something else than its API v2 does$/],
    [
      'too much',
      'endless answer',
      /does not answer: its answer is larger than 1000 bytes; check that it is running/,
    ],
    ['a redirect', { status: 302, headers: { location: '/' } }, /does not answer: .*; check/],
    ['a reset', 'reset', /does not answer: .*; check that it is running, and --alertmanager.url$/],
  ])('are not known where there is %s', async (_what, reply, problem) => {
    const peer = await startHttpPeer(() => reply)
    const ask = askApi({ url: new URL(peer.url), timeoutMs: 20_000, maxBytes: 1000 })
    await expect(alertmanagerSilences(ask).list()).rejects.toThrow(problem)
  })

  it('are not waited for where nobody answers', async () => {
    const ask = askApi({ url: new URL(deadUrl), timeoutMs: 20_000 })
    await expect(alertmanagerSilences(ask).list()).rejects.toThrow(`Alertmanager at ${deadUrl}`)
  })
})

/** A keeper in memory. */
function keeperOf(
  silences: Silence[],
  firing: () => FiringAlert[],
): SilenceKeeper & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    list() {
      asked.push('list')
      return Promise.resolve(silences)
    },
    firing: () => Promise.resolve(firing()),
    add: () => Promise.resolve([]),
    end(id) {
      asked.push(`end ${id}`)
      const at = silences.findIndex((each) => each.id === id)
      return Promise.resolve(at < 0 ? undefined : silences.splice(at, 1)[0])
    },
  }
}

describe('acknowledgements in Alertmanager', () => {
  it('end when the incident has ended for two looks, and not while Alertmanager knows nothing', async () => {
    const firing = (alert = shop): FiringAlert => ({ ...alert, silencedBy: ['a1'] })
    const watchdog = firing(anAlert({ labels: { alertname: 'Watchdog' } }))
    const acks = readAcknowledgement({ target: 'shop' }, [shop], reading).map((one) => ({ ...one, id: 'a1' }))
    let alerts: FiringAlert[] = [watchdog, firing()]
    const keeper = keeperOf([...acks, { ...silence, id: 's1' }], () => alerts)
    const time = testTime('2026-11-21T12:00:00Z')
    const stop = watchAcknowledgements({ keeper, timers: time.timers, log })
    const ended = (): string[] => keeper.asked.filter((each) => each.startsWith('end'))
    await time.pass(300)
    alerts = []
    await time.pass(300)
    alerts = [watchdog]
    await time.pass(60)
    alerts = [watchdog, firing()]
    await time.pass(60)
    alerts = [watchdog]
    await time.pass(60)
    expect(ended()).toEqual([])
    await time.pass(60)
    expect(ended()).toEqual(['end a1'])
    expect(await keeper.list()).toHaveLength(1)
    await stop()
  })
})

describe('what pages ask of Alertmanager', () => {
  it('is remembered for a moment, and asked again after a change', async () => {
    const time = testTime('2026-11-21T12:00:00Z')
    const keeper = keeperOf([{ ...silence, id: 's1' }], () => [])
    const pages = forPages(keeper, time.clock)
    await Promise.all([pages.list(), pages.list()])
    await pages.list()
    expect(keeper.asked).toEqual(['list'])
    await pages.end('s1')
    expect(await pages.list()).toEqual([])
    await time.pass(3)
    await pages.list()
    expect(keeper.asked).toEqual(['list', 'end s1', 'list', 'list'])
  })

  it('has the same error for a moment, without a question', async () => {
    const time = testTime('2026-11-21T12:00:00Z')
    let questions = 0
    const pages = forPages(
      {
        ...keeperOf([], () => []),
        list() {
          questions++
          return Promise.reject(new Error('away'))
        },
      },
      time.clock,
    )
    await expect(pages.list()).rejects.toThrow('away')
    await expect(pages.firing()).rejects.toThrow('away')
    expect(questions).toBe(1)
    await time.pass(6)
    await expect(pages.list()).rejects.toThrow('away')
    expect(questions).toBe(2)
  })
})
