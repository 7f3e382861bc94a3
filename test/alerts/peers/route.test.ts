import express from 'express'
import { describe, expect, it } from 'vitest'
import { askPeer } from '../../../src/alerts/peers/ask-peer.ts'
import type { PeerMessage } from '../../../src/alerts/peers/message.ts'
import { createPeering } from '../../../src/alerts/peers/peering.ts'
import { peerRoute } from '../../../src/alerts/peers/route.ts'
import { writeBehind } from '../../../src/alerts/delivery/write-behind.ts'
import { listenHttp } from '../../../src/lib/http/listen.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { atEnd } from '../../support/at-end.ts'
import { memoryMap } from '../../support/memory-map.ts'
import { testTime } from '../../support/time/timers.ts'

const { clock, timers } = testTime()

const heard: unknown[] = []

const peering = createPeering({
  reports: { sent: () => ({ weekly: 5 }), heard: (theirs) => heard.push(theirs) },
  self: { name: 'b', id: 'of-b' },
  location: 'here',
  instance: 'b1',
  peerName: 'a',
  ask: () => Promise.reject(new Error('it asks nobody')),
  state: writeBehind(memoryMap()),
  sent: [],
  clock,
  timers,
  log: createLogger({ destination: { write: () => undefined } }),
})

const message: PeerMessage = {
  version: 1,
  name: 'a',
  id: 'of-a',
  location: 'here',
  instance: 'a1',
  now: clock.now(),
  at: 0,
  watchingFor: 0,
  leaving: false,
  knows: [],
  sending: [],
  orphans: [],
  sent: [],
  upTo: 0,
  have: null,
}

async function serve(configured = true): Promise<URL> {
  const app = express().use(
    peerRoute({
      receive: () => (configured ? peering.receive : undefined),
      isKnown: (request) => request.get('Authorization') === 'Bearer right',
    }),
  )
  const server = await listenHttp(app, { host: '127.0.0.1', port: 0 })
  atEnd(() => server.stop())
  return new URL(server.url)
}

const ask = async (url: URL, what: unknown, token = 'right'): Promise<unknown> =>
  askPeer({ url, token }, what as PeerMessage, AbortSignal.timeout(10_000))

describe('POST /api/v1/peer', () => {
  it('answers with what this one knows', async () => {
    expect(await ask(await serve(), message)).toMatchObject({ name: 'b', instance: 'b1', have: null })
  })

  it('says up to when reports were sent, and hears it', async () => {
    const url = await serve()
    const have = { instance: 'b1', upTo: 0, at: clock.monotonic() }
    expect(await ask(url, { ...message, have, reports: { weekly: 7 } })).toMatchObject({
      reports: { weekly: 5 },
    })
    // An older version says nothing of reports.
    await ask(url, { ...message, have })
    expect(heard).toEqual([{ weekly: 7 }, {}])
  })

  it('wants a token, also where nothing else does', async () => {
    await expect(ask(await serve(), message, 'wrong')).rejects.toThrow(
      'it answered 401: {"error":"a token of the scope peer is required: create one with probity token create --name NAME --scope peer"}',
    )
  })

  it('says so where no peer is configured', async () => {
    await expect(ask(await serve(false), message)).rejects.toThrow(
      'it answered 404: {"error":"no peer is configured here: add peers: to notify.yml"}',
    )
  })

  it.each([
    [{ ...message, version: 2 }, 'not what a solo of this version says: version '],
    [{ ...message, location: 'elsewhere' }, 'the peer probes from elsewhere, and this solo from here'],
    [{ ...message, id: 'of-b' }, 'the peer is this solo itself'],
    [{}, 'not what a solo of this version says'],
  ])('refuses what it cannot use: %j', async (what, why) => {
    await expect(ask(await serve(), what)).rejects.toThrow(`it answered 400: {"error":"${why}`)
  })

  it('is not there: the reason is in one line', async () => {
    const server = await listenHttp(express(), { host: '127.0.0.1', port: 0 })
    await server.stop()
    await expect(ask(new URL(server.url), message)).rejects.toThrow(/^connect ECONNREFUSED/)
  })
})
