import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { pack } from '../../client/src/datagrams.ts'
import { createSender, type SenderOptions } from '../../client/src/sender.ts'
import type { Transport } from '../../client/src/udp.ts'
import { waitFor } from '../support/time/wait-for.ts'

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

function sender(options: Partial<SenderOptions<string>> = {}) {
  const transport = fakeTransport()
  return { transport, sender: createSender({ transport, encode: (name: string) => `${name}\n`, ...options }) }
}

describe('the sender', () => {
  it('sends calls together, after a moment', async () => {
    const { transport, sender: it } = sender()
    it.send('a')
    it.send('b')
    expect(transport.sent).toEqual([])
    await waitFor('the datagram', () => transport.sent.length > 0)
    expect(transport.sent).toEqual(['a\nb\n'])
  })

  it('does not wait with a whole batch, but never sends within a call', async () => {
    const { transport, sender: it } = sender({ maxDatagramBytes: 4, batch: 3, maxWait: 60_000 })
    for (const name of ['a', 'b', 'c', 'd']) it.send(name)
    expect(transport.sent).toEqual([])
    // What keeps this process alive here is the test itself: the timers of the sender do not.
    await waitFor('the datagrams', () => transport.sent.length > 0)
    expect(transport.sent).toEqual(['a\nb\n', 'c\nd\n'])
  })

  it('goes on after it has sent', async () => {
    const { transport, sender: it } = sender({ maxWait: 1 })
    for (const name of ['a', 'b', 'c']) {
      it.send(name)
      await waitFor(name, () => transport.sent.at(-1) === `${name}\n`)
    }
  })

  it('keeps no more than it may, and counts what it gives up', () => {
    const { transport, sender: it } = sender({ maxWaiting: 3, maxWait: 60_000 })
    transport.isReady = false
    for (let i = 0; i < 8; i++) it.send('ab')
    it.flush()
    expect([it.dropped, transport.sent]).toEqual([5, []])
    transport.isReady = true
    it.flush()
    expect([it.dropped, transport.sent]).toEqual([5, ['ab\nab\nab\n']])
    it.send('ab')
    it.flush()
    expect([it.dropped, transport.sent.length]).toEqual([5, 2])
  })

  it('counts what the system does not take', () => {
    const { transport, sender: it } = sender({ maxDatagramBytes: 4 })
    transport.accepts = false
    for (const name of ['a', 'b', 'c']) it.send(name)
    it.flush()
    expect(it.dropped).toBe(3)
  })

  it('counts what cannot be written as a line', () => {
    const { transport, sender: it } = sender({
      encode: (name) => {
        if (name === 'bad') throw new TypeError('no text')
        return `${name}\n`
      },
    })
    for (const name of ['a', 'bad', 'b']) it.send(name)
    it.flush()
    expect([transport.sent, it.dropped]).toEqual([['a\nb\n'], 1])
  })

  it('sends what waits when it is closed, once, and takes nothing any more', async () => {
    const { transport, sender: it } = sender()
    it.send('a')
    await Promise.all([it.close(), it.close()])
    it.send('b')
    it.flush()
    expect([transport.sent, transport.closed, it.dropped]).toEqual([['a\n'], 1, 1])
  })

  it('counts what it could not send before it was closed', async () => {
    const { transport, sender: it } = sender()
    transport.isReady = false
    it.send('a')
    await it.close()
    expect([transport.sent, it.dropped]).toEqual([[], 1])
  })
})

describe('datagrams', () => {
  it('hold every line once, in order, and only a line that is too long exceeds the limit', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 40 })), (words) => {
        const lines = words.map((word) => `${word}\n`)
        const datagrams = pack(lines, 32)
        expect(datagrams.map(({ text }) => text).join('')).toBe(lines.join(''))
        expect(datagrams.reduce((sum, datagram) => sum + datagram.lines, 0)).toBe(lines.length)
        for (const { text, lines: count } of datagrams) {
          expect(text.split('\n').length - 1).toBe(count)
          if (count > 1) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(32)
        }
      }),
    )
  })
})
