import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { pingDeadMansSwitch, startDeadMansSwitch } from '../../../src/alerts/delivery/dead-mans-switch.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { resetAfter, startRawPeer } from '../../support/servers/raw-peer.ts'
import { testTime } from '../../support/time/timers.ts'

describe('the dead-man’s switch', () => {
  it('is pinged at once and every minute, also after a ping that failed, until it is ended', async () => {
    const time = testTime()
    const logged: string[] = []
    const pings: number[] = []
    const end = startDeadMansSwitch({
      ping() {
        pings.push(time.clock.monotonic() / 1000)
        return pings.length === 2 || pings.length === 3
          ? Promise.reject(new Error('no answer'))
          : Promise.resolve()
      },
      timers: time.timers,
      log: createLogger({
        destination: { write: (line) => logged.push((JSON.parse(line) as { msg: string }).msg) },
      }),
    })
    await time.pass(250)
    end()
    await time.pass(600)
    expect(pings).toEqual([0, 60, 120, 180, 240])
    expect(logged).toEqual([
      'the dead-man’s switch cannot be reached: no answer',
      'the dead-man’s switch can be reached again',
    ])
  })

  it.each([
    ['a control character', 'HTTP/1.1 200 OK\r\nSet-Cookie: v=a\x01b\r\nContent-Length: 2\r\n\r\nOK'],
    ['bare line feeds', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nOK'],
    ['a reset', resetAfter('HTTP/1.1 200 OK\r\n')],
  ])('is reached when the answer says 2xx and has %s', async (_what, answer) => {
    const peer = await startRawPeer(answer)
    await pingDeadMansSwitch(`${peer.url}/ping`)
    expect(peer.received).toEqual([expect.stringMatching(/^GET \/ping HTTP\/1\.1\r\n/)])
  })

  it('is not pinged while alerts cannot be delivered, and is again once they can', async () => {
    const time = testTime()
    const logged: string[] = []
    const pings: number[] = []
    let trouble: string | undefined
    const end = startDeadMansSwitch({
      ping() {
        pings.push(time.clock.monotonic() / 1000)
        return Promise.resolve()
      },
      trouble: () => trouble,
      timers: time.timers,
      log: createLogger({
        destination: { write: (line) => logged.push((JSON.parse(line) as { msg: string }).msg) },
      }),
    })
    await time.pass(30)
    trouble = 'every channel fails'
    await time.pass(150)
    trouble = undefined
    await time.pass(60)
    end()
    expect(pings).toEqual([0, 240])
    expect(logged).toEqual([
      'the dead-man’s switch is not pinged: every channel fails',
      'the dead-man’s switch is pinged again',
    ])
  })

  it('says that it was not reached, and not where it is', async () => {
    const server = createServer((_request, response) => response.writeHead(404).end()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping/secret`
    await expect(pingDeadMansSwitch(url)).rejects.toThrow(/^it answered 404$/)
    server.close()
    await once(server, 'close')
    await expect(pingDeadMansSwitch(url)).rejects.toThrow(/^(?!.*secret).*ECONNREFUSED/)
  })
})
