import { Agent, get } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createLeaving } from '../../../src/lib/http/leaving.ts'
import { listenHttp } from '../../../src/lib/http/listen.ts'
import { atEnd } from '../../support/at-end.ts'
import { testTime } from '../../support/time/timers.ts'

describe('a server that leaves', () => {
  it('answers for the delay, and tells clients to open no further request on the connection', async () => {
    const time = testTime()
    const leaving = createLeaving({ delayMs: 5000, timers: time.timers })
    const server = await listenHttp(
      leaving.announce((_request, response) => response.end(String(leaving.begun()))),
      { host: '127.0.0.1', port: 0 },
    )
    atEnd(() => server.stop())
    const agent = new Agent({ keepAlive: true })
    atEnd(() => {
      agent.destroy()
    })
    const ask = (): Promise<unknown> =>
      new Promise((resolve, reject) => {
        get(server.url, { agent }, (response) => {
          response.setEncoding('utf8').on('data', (body: string) => {
            resolve({ connection: response.headers.connection, body })
          })
        }).on('error', reject)
      })
    expect(await ask()).toEqual({ connection: 'keep-alive', body: 'false' })
    let left = false
    const leave = leaving.leave().then(() => (left = true))
    expect(await ask()).toEqual({ connection: 'close', body: 'true' })
    await time.pass(4.9)
    expect(left).toBe(false)
    await time.pass(0.1)
    await leave
    expect(left).toBe(true)
  })

  it('does not wait without a delay', async () => {
    const leaving = createLeaving({ delayMs: 0, timers: testTime().timers })
    await leaving.leave()
    expect(leaving.begun()).toBe(true)
  })
})
