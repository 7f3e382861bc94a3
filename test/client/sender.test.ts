import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createDatagrams } from '../../client/src/datagrams.ts'
import { createSender, type SenderOptions } from '../../client/src/sender.ts'
import type { Transport } from '../../client/src/udp.ts'
import { waitFor } from '../support/wait-for.ts'

interface FakeTransport extends Transport {
  sent: string[]
  isReady: boolean
  accepts: boolean
  closed: number
}

function fakeTransport(): FakeTransport {
  const transport: FakeTransport = {
    sent: [],
    isReady: true,
    accepts: true,
    closed: 0,
    ready: () => transport.isReady,
    send(text) {
      if (transport.accepts) transport.sent.push(text)
      return transport.accepts
    },
    close(done) {
      transport.closed += 1
      done()
    },
  }
  return transport
}

function sender(options: Partial<SenderOptions> = {}) {
  const transport = fakeTransport()
  return { transport, sender: createSender({ transport, ...options }) }
}

describe('the sender', () => {
  it('sends lines together, after a moment', async () => {
    const { transport, sender: it } = sender()
    it.send('a\n')
    it.send('b\n')
    expect(transport.sent).toEqual([])
    await waitFor('the datagram', () => transport.sent.length > 0)
    expect(transport.sent).toEqual(['a\nb\n'])
  })

  it('does not wait when a datagram is full, but never sends within a call', async () => {
    const { transport, sender: it } = sender({ maxDatagramBytes: 4, maxWait: 60_000 })
    for (const line of ['a\n', 'b\n', 'c\n']) it.send(line)
    expect(transport.sent).toEqual([])
    // What keeps this process alive here is the test itself: the timers of the sender do not.
    await waitFor('the datagrams', () => transport.sent.length > 0)
    expect(transport.sent).toEqual(['a\nb\n', 'c\n'])
  })

  it('goes on after it has sent', async () => {
    const { transport, sender: it } = sender({ maxWait: 1 })
    for (const line of ['a\n', 'b\n', 'c\n']) {
      it.send(line)
      await waitFor(line, () => transport.sent.at(-1) === line)
    }
  })

  it('keeps no more than it may, and counts what it gives up', () => {
    const { transport, sender: it } = sender({ maxBytes: 10, maxWait: 60_000 })
    transport.isReady = false
    for (let i = 0; i < 8; i++) it.send('ab\n')
    it.flush()
    expect([it.dropped, transport.sent]).toEqual([5, []])
    transport.isReady = true
    it.flush()
    expect([it.dropped, transport.sent]).toEqual([5, ['ab\nab\nab\n']])
    it.send('ab\n')
    it.flush()
    expect([it.dropped, transport.sent.length]).toEqual([5, 2])
  })

  it('counts what the system does not take', () => {
    const { transport, sender: it } = sender({ maxDatagramBytes: 4 })
    transport.accepts = false
    for (const line of ['a\n', 'b\n', 'c\n']) it.send(line)
    it.flush()
    expect(it.dropped).toBe(3)
  })

  it('sends what waits when it is closed, once, and takes nothing any more', async () => {
    const { transport, sender: it } = sender()
    it.send('a\n')
    await Promise.all([it.close(), it.close()])
    it.send('b\n')
    it.flush()
    expect([transport.sent, transport.closed, it.dropped]).toEqual([['a\n'], 1, 1])
  })

  it('counts what it could not send before it was closed', async () => {
    const { transport, sender: it } = sender()
    transport.isReady = false
    it.send('a\n')
    await it.close()
    expect([transport.sent, it.dropped]).toEqual([[], 1])
  })
})

describe('datagrams', () => {
  it('hold every line once, in order, and only a line that is too long exceeds the limit', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 40 })), (words) => {
        const lines = words.map((word) => `${word}\n`)
        const datagrams = createDatagrams(32, Infinity)
        for (const line of lines) expect(datagrams.add(line)).toBe(true)
        const taken = datagrams.take()
        expect(taken.map(({ text }) => text).join('')).toBe(lines.join(''))
        expect(taken.reduce((sum, datagram) => sum + datagram.lines, 0)).toBe(lines.length)
        for (const { text, lines: count } of taken) {
          if (count > 1) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(32)
        }
        expect([datagrams.bytes, datagrams.take()]).toEqual([0, []])
      }),
    )
  })
})
