import { connect, Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { connectFirst, endpoint } from '../../src/net/connect.ts'
import { Sockets } from '../../src/net/sockets.ts'
import { startFaultServer } from '../support/servers/fault-server.ts'

const silentAddress = '192.0.2.1'

describe('connectFirst', () => {
  const sockets = new Sockets()
  afterEach(() => {
    sockets.close()
  })

  /** Nothing is ever heard of one address; the others are real. */
  function dial(address: string, port: number): Socket {
    return address === silentAddress ? new Socket() : connect({ host: address, port })
  }

  it('tries the next address when one has not answered for a moment, and gives up the other', async () => {
    const server = await startFaultServer()
    const attempts: string[] = []
    const dialled: Socket[] = []
    const began = performance.now()
    const { socket, address } = await connectFirst([silentAddress, '127.0.0.1'], server.port, {
      sockets,
      staggerMs: 50,
      onAttempt: (attempt) => attempts.push(attempt),
      dial: (to, port) => {
        const opened = dial(to, port)
        dialled.push(opened)
        return opened
      },
    })
    expect(address).toBe('127.0.0.1')
    expect(attempts).toEqual([silentAddress, '127.0.0.1'])
    expect(performance.now() - began).toBeGreaterThan(45)
    expect(dialled.map(({ destroyed }) => destroyed)).toEqual([true, false])
    expect(socket).toBe(dialled[1])
    await server.stop()
  })

  it('still takes the first address when that answers first', async () => {
    const server = await startFaultServer()
    const attempts: string[] = []
    const options = { sockets, staggerMs: 200, onAttempt: (attempt: string) => attempts.push(attempt), dial }
    const { address } = await connectFirst(['127.0.0.1', silentAddress], server.port, options)
    expect(address).toBe('127.0.0.1')
    expect(attempts).toEqual(['127.0.0.1'])
    await server.stop()
  })

  it.each([
    ['ECONNREFUSED', 'connect', '127.0.0.1:9 refused the connection (ECONNREFUSED)'],
    ['ENETUNREACH', 'connect', '127.0.0.1:9 cannot be reached: no route to its network (ENETUNREACH)'],
    ['EMFILE', 'internal', '127.0.0.1:9 cannot be connected to (EMFILE)'],
  ])('takes %s for a failure with reason %s', async (code, reason, message) => {
    const failing = (): Socket => new Socket().destroy(Object.assign(new Error(code), { code }))
    const connection = connectFirst(['127.0.0.1'], 9, { sockets, dial: failing })
    await expect(connection).rejects.toMatchObject({ reason, message })
  })

  it('tries at most ten addresses and shows three', async () => {
    let dialled = 0
    const failing = (): Socket => {
      dialled++
      return new Socket().destroy(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))
    }
    const addresses = Array.from({ length: 50 }, (_, index) => `192.0.2.${index + 1}`)
    const refused = (address: string): string => `${address}:80 refused the connection (ECONNREFUSED)`
    await expect(connectFirst(addresses, 80, { sockets, dial: failing })).rejects.toMatchObject({
      message: `${addresses.slice(0, 3).map(refused).join('; ')}; 7 more`,
    })
    expect(dialled).toBe(10)
  })
})

describe('endpoint', () => {
  it('writes IPv6 addresses in brackets', () => {
    expect(endpoint('127.0.0.1', 80)).toBe('127.0.0.1:80')
    expect(endpoint('::1', 443)).toBe('[::1]:443')
  })
})
