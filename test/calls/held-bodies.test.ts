import { request, type ClientRequest } from 'node:http'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import express, { type ErrorRequestHandler } from 'express'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCollector } from '../../src/calls/collector.ts'
import { HeldBodies } from '../../src/calls/held-bodies.ts'
import { callsRoute } from '../../src/calls/http.ts'
import { createIntake } from '../../src/calls/otlp/intake.ts'
import { otlpRoute } from '../../src/calls/otlp/route.ts'
import { listenHttp, type Listening } from '../../src/lib/http/listen.ts'

describe('bodies that are in memory at the same time', () => {
  function held(most: number): {
    readonly gone: string[]
    readonly hold: (name: string) => ReturnType<HeldBodies['hold']>
  } {
    const bodies = new HeldBodies(most)
    const gone: string[] = []
    return { gone, hold: (name) => bodies.hold(() => gone.push(name)) }
  }

  it('may be as large as all together may be', () => {
    const { gone, hold } = held(10)
    hold('a').add(6)
    hold('b').add(4)
    expect(gone).toEqual([])
  })

  it('lose the largest of those that still arrive, whoever sends', () => {
    const { gone, hold } = held(10)
    const [a, b, c] = [hold('a'), hold('b'), hold('c')]
    a.add(6)
    b.add(3)
    c.add(2)
    expect(gone).toEqual(['a'])
    c.add(5)
    expect(gone).toEqual(['a'])
    b.add(1)
    expect(gone).toEqual(['a', 'c'])
  })

  it('keep what has arrived, until it is released', () => {
    const { gone, hold } = held(10)
    const whole = hold('whole')
    whole.add(9)
    whole.complete()
    hold('small').add(2)
    expect(gone).toEqual(['small'])
    whole.release()
    hold('next').add(10)
    expect(gone).toEqual(['small'])
  })

  it('are counted once, however often they are released', () => {
    const { gone, hold } = held(10)
    const one = hold('one')
    one.add(5)
    one.release()
    one.release()
    hold('two').add(10)
    expect(gone).toEqual([])
    hold('three').add(1)
    expect(gone).toEqual(['two'])
  })
})

describe('routes that take bodies', () => {
  const onError: ErrorRequestHandler = (error: Error & { status: number }, _request, response, next) => {
    if (response.headersSent) next(error)
    response.status(error.status).send(error.message)
  }
  let server: Listening

  async function serve(most?: number): Promise<void> {
    const collector = createCollector({ clock: { now: () => 0, monotonic: () => 0 } })
    const bodies = new HeldBodies(most)
    const app = express()
      .use(otlpRoute(createIntake(collector), bodies))
      .use(callsRoute(collector, bodies))
      .use(onError)
    server = await listenHttp(app, { host: '127.0.0.1', port: 0 })
  }

  beforeEach(() => serve(300_000))

  afterEach(async () => {
    await server.stop()
  })

  /** A request whose body has begun. */
  function begin(
    path: string,
    headers: Record<string, string>,
    bytes: Buffer,
  ): { readonly sending: ClientRequest; readonly answer: Promise<string> } {
    const sending = request(`${server.url}${path}`, { method: 'POST', headers, agent: false })
    const answer = new Promise<string>((resolve, reject) => {
      sending.on('error', reject).on('response', (response) => {
        text(response).then((body) => {
          resolve(`${String(response.statusCode)} ${response.headers['retry-after'] ?? ''} ${body}`)
        }, reject)
      })
    })
    sending.write(bytes)
    return { sending, answer }
  }

  const words = 'too much is being sent at the same time: try again'
  const call = Buffer.from('2\tGET\thttps://api.example/v1\t12\n')

  it.each([
    ['/v1/traces', 'application/json', `503 1 {"code":14,"message":"${words}"}`],
    ['/api/v1/calls', 'text/plain', `503 1 ${words}\n`],
  ])('%s turns away the largest, and takes the small ones of others', async (path, type, refused) => {
    const large = begin(path, { 'Content-Type': type }, Buffer.alloc(250_000, ' '))
    const small = begin('/api/v1/calls', { 'Content-Type': 'text/plain' }, Buffer.alloc(60_000, call))
    expect(await large.answer).toBe(refused)
    small.sending.end()
    expect(await small.answer).toMatch(/^200 .*"accepted":/)
    large.sending.destroy()
  })

  it('counts what a body is once it is unpacked', async () => {
    const zeros = gzipSync(Buffer.alloc(1_000_000))
    const headers = { 'Content-Type': 'application/x-protobuf', 'Content-Encoding': 'gzip' }
    const { sending, answer } = begin('/v1/traces', headers, zeros)
    sending.end()
    expect(await answer).toContain(words)
  })

  it.each<[what: string, headers: Record<string, string>, bytes: Buffer, expected: RegExp]>([
    [
      'a body that is too large',
      {},
      Buffer.alloc(1_100_000, call),
      /^413 {2}the body is too large: expected at most 1048576 bytes/,
    ],
    [
      'an encoding that nobody knows',
      { 'Content-Encoding': 'zstd' },
      call,
      /^415 {2}Content-Encoding: expected gzip, deflate, br or identity/,
    ],
    ['what is not gzip', { 'Content-Encoding': 'gzip' }, call, /^400 {2}incorrect header check/],
  ])('refuses %s', async (_what, headers, bytes, expected) => {
    await server.stop()
    await serve()
    const { sending, answer } = begin('/api/v1/calls', headers, bytes)
    sending.end()
    expect(await answer).toMatch(expected)
  })
})
