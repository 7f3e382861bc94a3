import { EventEmitter, once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { Guard } from '../../src/net/guard.ts'
import { Sockets } from '../../src/net/sockets.ts'
import { startTalkServer, type TalkServer } from '../support/servers/talk-server.ts'

const forever = (): Promise<never> => new Promise(() => undefined)
const bug = new TypeError('x is not a function')
const throwBug = (): never => {
  throw bug
}

describe('a guard', () => {
  it('gives what a callback throws to the caller that waits for the work', async () => {
    const guard = new Guard()
    const watched = guard.watch(forever())
    setImmediate(guard.callback(throwBug))
    await expect(watched).rejects.toBe(bug)
  })

  it('passes on the arguments, and what the work gives', async () => {
    const guard = new Guard()
    let said: unknown
    guard.callback((...words: string[]) => (said = words))('a', 'b')
    expect(said).toEqual(['a', 'b'])
    expect(await guard.watch(Promise.resolve('done'))).toBe('done')
  })

  it('keeps to itself what is thrown when nobody waits any more', async () => {
    const guard = new Guard()
    await guard.watch(Promise.resolve())
    guard.callback(throwBug)()
    // An unhandled rejection would end the process in the turn that follows.
    await new Promise((resolve) => setImmediate(resolve))
    await expect(guard.watch(forever())).rejects.toBe(bug)
  })

  it('takes over the errors of an emitter that nobody listens for', async () => {
    const guard = new Guard()
    const emitter = guard.emitter(new EventEmitter())
    expect(emitter.emit('error', 'gone')).toBe(true)
    await expect(guard.watch(forever())).rejects.toMatchObject({
      code: 'ERR_UNHANDLED_ERROR',
      context: 'gone',
    })
    expect(emitter.emit('unheard')).toBe(false)
  })
})

describe('a socket of a probe', () => {
  let server: TalkServer
  afterEach(() => server.stop())

  it.each(['connect', 'readable', 'data', 'end', 'close'])(
    'fails its probe alone with what a listener of "%s" throws',
    async (event) => {
      server = await startTalkServer((socket) => socket.end('hello'))
      const [sockets, others] = [new Sockets(), new Sockets()]
      const [socket, other] = [connect(server.port, '127.0.0.1'), connect(server.port, '127.0.0.1')]
      sockets.track(socket)
      others.track(other)
      socket.on(event, throwBug)
      if (event !== 'readable') socket.resume()
      const ended = once(other.resume(), 'end')
      await expect(sockets.guard.watch(forever())).rejects.toBe(bug)
      await others.guard.watch(ended)
      for (const each of [sockets, others]) each.end()
    },
  )
})
