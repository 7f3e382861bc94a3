import { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { FairReads } from '../../src/net/fair-reads.ts'

/** A clock that only work moves. */
let now = 0
const monotonic = (): number => now

/** A socket whose reader takes so many milliseconds for each byte, and says what it has read. */
async function reading(fair: FairReads, msPerByte: number, done: string[]): Promise<Socket> {
  const socket = new Socket()
  fair.watch(socket)
  socket.on('data', (bytes) => {
    now += msPerByte * bytes.length
    done.push(bytes.toString())
  })
  socket.on('end', () => done.push('end'))
  // It begins to flow.
  await turn()
  return socket
}

describe('what arrives on the connections of probes', () => {
  it('is passed on at once, until a turn has had enough of it', async () => {
    const done: string[] = []
    const heavy = await reading(new FairReads({ monotonic }), 4, done)
    expect(['a', 'b', 'c'].map((bytes) => heavy.push(Buffer.from(bytes)))).toEqual([true, true, true])
    // It has caused 12 ms of work.
    expect([heavy.push(Buffer.from('d')), heavy.push(Buffer.from('e'))]).toEqual([false, false])
    expect(heavy.push(null)).toBe(false)
    expect(done).toEqual(['a', 'b', 'c'])
    await turn()
    await turn()
    expect(done).toEqual(['a', 'b', 'c', 'd', 'e', 'end'])
  })

  it('is passed on for those first that have caused the least work, and at once for light ones', async () => {
    const done: string[] = []
    const fair = new FairReads({ monotonic })
    const heavy = await reading(fair, 6, done)
    const heavier = await reading(fair, 9, done)
    const light = await reading(fair, 1, done)
    for (const socket of [heavier, heavy]) socket.push(Buffer.from('1'))
    heavier.push(Buffer.from('4'))
    heavy.push(Buffer.from('3'))
    light.push(Buffer.from('2'))
    expect(done).toEqual(['1', '1', '2'])
    await turn()
    expect(done.slice(3)).toEqual(['3', '4'])
  })

  it('is forgotten when the connection is destroyed meanwhile', async () => {
    const done: string[] = []
    const heavy = await reading(new FairReads({ monotonic }), 12, done)
    heavy.push(Buffer.from('a'))
    heavy.push(Buffer.from('b'))
    heavy.destroy()
    await turn()
    await turn()
    expect(done).toEqual(['a'])
  })
})
