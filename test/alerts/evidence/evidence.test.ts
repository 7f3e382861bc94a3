import { describe, expect, it } from 'vitest'
import { askExporter } from '../../../src/alerts/evidence/ask-exporter.ts'
import { failingTargets, withAlsoFailing } from '../../../src/alerts/evidence/also-failing.ts'
import { withLinks } from '../../../src/alerts/evidence/links.ts'
import { anAlert, resolved } from '../../support/alerts/alerts.ts'
import { startHttpPeer } from '../../support/servers/http-peer.ts'

const log = { debug: () => undefined }

function down(target: string, annotations = {}): ReturnType<typeof anAlert> {
  return anAlert({
    labels: { alertname: 'TargetDown', target, location: 'here' },
    annotations: { reason: 'status', interval: '30', ...annotations },
    fingerprint: target,
  })
}

describe('what the exporter is asked', () => {
  it('adds the message and the phases, once for each target', async () => {
    const peer = await startHttpPeer(() => ({
      status: 200,
      body: '{"target":{"location":"here","last":{"success":false,"message":"expected 2xx,\\n got 500"},"phases":{"connect":0.5}}}',
    }))
    const ask = askExporter({ url: new URL(`${peer.url}/base/`), log })
    const [first, second, end] = await ask([down('a/b'), down('a/b'), resolved(down('a/b'))])
    expect(first?.annotations).toMatchObject({ seen: 'expected 2xx, got 500', phases: 'connect 500 ms' })
    expect(second?.annotations.seen).toBe('expected 2xx, got 500')
    expect(end?.annotations).not.toHaveProperty('seen')
    expect(peer.received.map(({ path }) => path)).toEqual(['/base/api/v1/targets/a%2Fb'])
  })

  it('adds which of the witnesses see trouble, also to alerts about calls', async () => {
    const peer = await startHttpPeer(({ path }) => ({
      status: 200,
      body: path.endsWith('shop')
        ? '{"target":{"last":{"success":false,"message":"x"},"expectation":{"maxErrorRatio":0.05},"calls":{"recent":{"calls":20,"errors":0}},"vendor":{"name":"acme","state":"operational"}}}'
        : '{"target":{"expectation":{"maxErrorRatio":0.05},"recent":{"calls":20,"errors":3},"vendor":{"name":"acme","state":"degraded"}}}',
    }))
    const ask = askExporter({ url: new URL(peer.url), log })
    const ofCalls = anAlert({ labels: { alertname: 'CallsErrorRateHigh', target: 'pay' }, annotations: {} })
    const alerts = await ask([down('shop'), ofCalls])
    expect(alerts.map(({ annotations }) => annotations['witnesses'])).toEqual([
      'checks fail, calls work, vendor acme says operational: 1 of 3 sees trouble',
      '3 of 20 calls fail, vendor acme says degraded: 2 of 2 see trouble',
    ])
  })

  it('tells the end of an alert from the end of its target', async () => {
    const replies = new Map([['shop', 200]])
    const peer = await startHttpPeer(({ path }) => ({
      status: replies.get(path.split('/').at(-1) ?? '') ?? 404,
      body: '{"target":{}}',
    }))
    const ask = askExporter({ url: new URL(peer.url), log })
    const ended = async (target: string): Promise<unknown> =>
      (await ask([resolved(down(target))]))[0]?.annotations['ended']
    expect(await ended('shop')).toBeUndefined()
    // It has no history, but has had the target.
    replies.set('shop', 404)
    expect(await ended('shop')).toBe('unwatched')
    // Another exporter may have it.
    expect(await ended('blog')).toBeUndefined()
    replies.set('blog', 410)
    expect(await ended('blog')).toBe('unwatched')
    replies.set('blog', 500)
    expect(await ended('blog')).toBeUndefined()
  })

  it('knows a target that was paused, also of alerts about calls', async () => {
    const states = new Map([
      ['shop', 'paused'],
      ['blog', 'up'],
    ])
    const peer = await startHttpPeer(({ path }) => ({
      status: 200,
      body: JSON.stringify({ target: { state: states.get(path.split('/').at(-1) ?? '') } }),
    }))
    const ask = askExporter({ url: new URL(peer.url), log })
    const ofCalls = (target: string) =>
      anAlert({ labels: { alertname: 'CallsSlow', target }, annotations: {} })
    const alerts = [down('shop'), down('blog'), ofCalls('shop'), ofCalls('blog')]
    const ended = (await ask(alerts.map((alert) => resolved(alert)))).map(
      (alert) => alert.annotations['ended'],
    )
    expect(ended).toEqual(['paused', undefined, 'paused', undefined])
    const firing = await ask(alerts)
    expect(firing.map(({ annotations }) => annotations['ended'])).toEqual(alerts.map(() => undefined))
  })

  it.each([
    ['an error', { status: 500 }],
    ['no JSON', { status: 200, body: '<html>' }],
    ['another shape', { status: 200, body: '{"target":[]}' }],
    [
      'another location',
      { status: 200, body: '{"target":{"location":"there","last":{"success":false,"message":"x"}}}' },
    ],
  ])('changes nothing where the answer is %s', async (_what, reply) => {
    const peer = await startHttpPeer(() => reply)
    const alerts = [down('a')]
    expect(await askExporter({ url: new URL(peer.url), log })(alerts)).toEqual(alerts)
  })

  it('is not waited for: a message goes on without it', async () => {
    const peer = await startHttpPeer(() => ({ status: 200 }))
    peer.next.push(...Array.from({ length: 8 }, () => 'silence' as const))
    const alerts = Array.from({ length: 30 }, (_, index) => down(`t${index}`))
    expect(await askExporter({ url: new URL(peer.url), log, patienceMs: 1000 })(alerts)).toEqual(alerts)
    expect(peer.received).toHaveLength(8)
  })
})

describe('what else fails', () => {
  it('is named by up to five targets, and counted', () => {
    const failing = failingTargets()
    const names = ['g', 'f', 'e', 'd', 'c', 'b', 'a']
    failing.hear([...names.map((name) => down(name)), anAlert({ labels: { target: 'certificate' } })])
    expect(withAlsoFailing(down('a'), failing.names()).annotations.also_failing).toBe(
      'b, c, d, e, f and 1 more',
    )
    failing.hear(['c', 'd', 'e', 'f', 'g'].map((name) => resolved(down(name))))
    expect(withAlsoFailing(down('a'), failing.names()).annotations.also_failing).toBe('b')
    expect(withAlsoFailing(down('a'), ['a']).annotations).not.toHaveProperty('also_failing')
  })
})

it('a link survives every name, and leads nowhere that nobody named', () => {
  const externalUrl = new URL('https://x.example/probity/')
  const urlOf = (name: string): string | undefined =>
    withLinks(down(name), { externalUrl }).annotations.target_url
  expect(urlOf('a/b?c#d (e)')).toBe('https://x.example/probity/targets/a%2Fb%3Fc%23d%20%28e%29')
  expect(urlOf('..')).toBe('https://x.example/probity/targets/%2E%2E')
  const plain = withLinks(down('a', { runbook_url: 'docs/alerts.md#x', dashboard_url: '/d/x' }), {})
  expect(plain.annotations).toMatchObject({ runbook_url: 'docs/alerts.md#x', dashboard_url: '' })
  expect(plain.annotations).not.toHaveProperty('target_url')
})
