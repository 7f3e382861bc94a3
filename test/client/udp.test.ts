import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createUdpTransport, type Lookup } from '../../client/src/udp.ts'
import { waitFor } from '../support/time/wait-for.ts'
import { startCollector, startCollectorOnSteadyPort, type Collector } from './support/collector.ts'

const line = '0\tGET\th\t/\t1\n'
let collector: Collector

beforeEach(async () => {
  collector = await startCollector()
})
afterEach(async () => {
  await collector.stop()
})

const closed = (transport: { close: (done: () => void) => void }) =>
  new Promise<void>((resolve) => {
    transport.close(resolve)
  })

describe('UDP to an address', () => {
  it('sends at once', async () => {
    const address = { host: '127.0.0.1', port: collector.port }
    const transport = createUdpTransport({ address, now: () => 0, onReady: () => undefined })
    expect([transport.ready(), transport.send(line)]).toEqual([true, true])
    await collector.received(1)
    await closed(transport)
    expect(transport.send(line)).toBe(false)
  })

  it('does not mind that nobody listens, and loses nothing when somebody does again', async () => {
    await collector.stop()
    collector = await startCollectorOnSteadyPort()
    const { port } = collector
    const transport = createUdpTransport({
      address: { host: '127.0.0.1', port },
      now: () => 0,
      onReady: () => undefined,
    })
    await collector.stop()
    for (let i = 0; i < 3; i++) expect(transport.send(line)).toBe(true)
    collector = await startCollector(port)
    transport.send(line)
    await collector.received(1)
    await closed(transport)
  })

  it('gives up what the system refuses', async () => {
    const transport = createUdpTransport({
      address: { host: '127.0.0.1', port: -1 },
      now: () => 0,
      onReady: () => undefined,
    })
    expect(transport.send(line)).toBe(false)
    await closed(transport)
  })
})

describe('UDP to a name', () => {
  it('is ready when the name is known, and asks again later', async () => {
    let time = 0
    let ready = 0
    const answers: ((ip: string | Error) => void)[] = []
    const lookup: Lookup = (_host, done) => {
      answers.push((ip) => {
        if (typeof ip === 'string') done(null, ip, 4)
        else done(ip, '', 0)
      })
    }
    const transport = createUdpTransport({
      address: { host: 'collector', port: collector.port },
      now: () => time,
      onReady: () => {
        ready += 1
      },
      lookup,
    })
    expect([transport.ready(), transport.ready(), answers.length, transport.send(line)]).toEqual([
      false,
      false,
      1,
      false,
    ])
    answers[0]!(new Error('not yet'))
    expect([transport.ready(), answers.length, ready]).toEqual([false, 1, 0])

    time += 5_000
    expect([transport.ready(), answers.length]).toEqual([false, 2])
    answers[1]!('127.0.0.1')
    expect([transport.ready(), answers.length, ready]).toEqual([true, 2, 1])
    transport.send(line)
    await collector.received(1)

    time += 30_000
    expect([transport.ready(), answers.length]).toEqual([true, 3])
    answers[2]!(new Error('the resolver is away, and the old address stays'))
    transport.send(line)
    await collector.received(2)
    await closed(transport)
    answers[1]!('127.0.0.1')
    expect([ready, transport.send(line)]).toEqual([1, false])
  })

  it('resolves localhost with the system', async () => {
    const address = { host: 'localhost', port: collector.port }
    let ready = false
    const transport = createUdpTransport({
      address,
      now: () => 0,
      onReady: () => {
        ready = true
      },
    })
    transport.ready()
    await waitFor('the name', () => ready)
    expect(transport.send(line)).toBe(true)
    await closed(transport)
  })
})
