import { once } from 'node:events'
import { request, type ClientRequest, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import express from 'express'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCollector } from '../../src/calls/collector.ts'
import { HeldBodies } from '../../src/calls/held-bodies.ts'
import { callsRoute } from '../../src/calls/http.ts'
import { atMost } from '../../src/calls/in-flight.ts'
import { createIntake } from '../../src/calls/otlp/intake.ts'
import { otlpRoute } from '../../src/calls/otlp/route.ts'
import { tailRoute } from '../../src/calls/tail.ts'
import { listenHttp, type Listening } from '../../src/lib/http/listen.ts'
import { waitFor } from '../support/time/wait-for.ts'

let server: Listening
let asked: ClientRequest[]

beforeEach(async () => {
  asked = []
  const collector = createCollector({ clock: { now: () => 0, monotonic: () => 0 } })
  const bodies = new HeldBodies()
  const app = express()
    .use(otlpRoute(createIntake(collector), bodies))
    .use(callsRoute(collector, bodies))
    .use(tailRoute(collector).route)
    .get(
      '/few',
      atMost(2, (response, words) => response.json({ words })),
      (_request, response) => {
        response.flushHeaders()
      },
    )
  server = await listenHttp(app, { host: '127.0.0.1', port: 0 }, 0)
})

afterEach(async () => {
  for (const one of asked) one.destroy()
  await server.stop()
})

/** A request from an address of this machine. What it is to send beyond its headers is up to the caller. */
function open(method: string, path: string, localAddress: string, headers = {}): ClientRequest {
  const one = request(`${server.url}${path}`, { method, localAddress, agent: false, headers })
  asked.push(one.on('error', () => undefined))
  return one
}

async function answerOf(one: ClientRequest): Promise<IncomingMessage> {
  const [answer] = (await once(one.end(), 'response')) as [IncomingMessage]
  return answer
}

const types: Readonly<Record<string, string>> = {
  '/v1/traces': 'application/x-protobuf',
  '/api/v1/calls': 'text/plain',
}

describe('places for requests with calls', () => {
  it('are few, and whoever finds none is told to try later', async () => {
    for (const from of ['127.0.0.1', '127.0.0.2'])
      expect((await answerOf(open('GET', '/few', from))).statusCode).toBe(200)
    const third = await answerOf(open('GET', '/few', '127.0.0.3'))
    expect([third.statusCode, third.headers['retry-after']]).toEqual([503, '1'])
    expect(JSON.parse(await text(third))).toEqual({
      words:
        'too many requests at the same time: there are 2 places, and one address gets half of what others leave: try again',
    })
  })

  it.each([
    ['/v1/traces', 8],
    ['/api/v1/calls', 64],
  ])('of %s are left for other addresses, however slowly one sends', async (path, share) => {
    const type = { 'Content-Type': types[path] }
    const status = async (from: string): Promise<number | undefined> => {
      const answer = await answerOf(open('POST', path, from, { ...type, 'Content-Length': 0 }))
      return answer.resume().statusCode
    }
    const slow = Array.from({ length: share }, () => {
      const one = open('POST', path, '127.0.0.1', { ...type, 'Content-Length': 10 })
      one.write('2')
      return one
    })
    await waitFor('its share is taken', async () => (await status('127.0.0.1')) === 503)
    expect(await status('127.0.0.2')).toBe(200)
    for (const one of slow) one.destroy()
    await waitFor('its share is free again', async () => (await status('127.0.0.1')) === 200)
  })

  it('of those who read calls as they come are limited too', async () => {
    const readers = Array.from({ length: 16 }, () => open('GET', '/api/v1/calls/tail', '127.0.0.1'))
    expect((await Promise.all(readers.map(answerOf))).map(({ statusCode }) => statusCode)).toEqual(
      Array<number>(16).fill(200),
    )
    expect((await answerOf(open('GET', '/api/v1/calls/tail', '127.0.0.1'))).statusCode).toBe(503)
    expect((await answerOf(open('GET', '/api/v1/calls/tail', '127.0.0.2'))).statusCode).toBe(200)
  })
})
