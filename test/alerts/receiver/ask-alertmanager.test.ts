import { describe, expect, it } from 'vitest'
import { askAlertmanager } from '../../../src/alerts/receiver/ask-alertmanager.ts'
import { deadUrl, startHttpPeer, type Misbehaviour, type Reply } from '../../support/servers/http-peer.ts'

const watchdog = { labels: { alertname: 'Watchdog' }, annotations: {}, status: { state: 'active' } }
const shop = { labels: { alertname: 'TargetDown', target: 'shop' }, annotations: { was: 'market' } }

/** A question, with everything that is logged about it. */
function asking(url: string, timeoutMs = 30_000) {
  const lines: string[] = []
  const note = (_fields: unknown, text: string): void => void lines.push(text)
  const log = { info: note, warn: note } as Parameters<typeof askAlertmanager>[0]['log']
  return { lines, ask: askAlertmanager({ url: new URL(url), log, timeoutMs }) }
}

const json = (value: unknown): Reply => ({ status: 200, body: JSON.stringify(value) })

describe('the question which alerts Alertmanager has', () => {
  it('is answered with all of them, also below a path', async () => {
    const peer = await startHttpPeer(() => json([watchdog, shop]))
    const { ask, lines } = asking(`${peer.url}/am/`)
    expect(await ask()).toEqual([{ labels: watchdog.labels, annotations: {} }, shop])
    expect(peer.received.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /am/api/v2/alerts'])
    expect(lines).toEqual([])
  })

  it('says which of them are silenced', async () => {
    const silenced = { ...shop, status: { state: 'suppressed', silencedBy: ['6f0f'] } }
    const inhibited = {
      labels: { alertname: 'TargetSlow' },
      status: { silencedBy: null, inhibitedBy: ['x'] },
    }
    const peer = await startHttpPeer(() => json([watchdog, silenced, inhibited]))
    expect((await asking(peer.url).ask())?.map(({ silenced: mute }) => mute)).toEqual([
      undefined,
      true,
      undefined,
    ])
  })

  it.each<[string, Reply | Misbehaviour, RegExp]>([
    [
      'no Watchdog, so that Prometheus does not report to it',
      json([shop]),
      /does not have the alert Watchdog$/,
    ],
    ['an error', { status: 503 }, /Alertmanager answered 503$/],
    ['something else', { status: 200, body: '{}' }, /expected array/],
    ['a redirect', { status: 302, headers: { location: '/' } }, /./],
    ['a reset', 'reset', /./],
  ])('has no answer: %s', async (_what, reply, problem) => {
    const peer = await startHttpPeer(() => json([watchdog]))
    peer.next.push(reply, reply)
    const { ask, lines } = asking(peer.url)
    expect([await ask(), await ask()]).toEqual([undefined, undefined])
    expect(lines).toEqual([expect.stringMatching(problem)])
    expect(await ask()).toHaveLength(1)
    expect(lines[1]).toBe('Alertmanager says again which alerts it has')
  })

  it('has no answer if nobody listens, or nothing comes in time', async () => {
    const peer = await startHttpPeer(() => 'silence')
    expect(await asking(deadUrl).ask()).toBeUndefined()
    expect(await asking(peer.url, 50).ask()).toBeUndefined()
  })
})
