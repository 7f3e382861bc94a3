import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { monitor, type Monitor } from '../../client/src/monitor.ts'
import { startCollector, type Collector } from './support/collector.ts'
import { startVendor, type Vendor } from './support/vendor.ts'

let collector: Collector
let vendor: Vendor
let shop: Monitor

beforeEach(async () => {
  collector = await startCollector()
  vendor = await startVendor()
  shop = monitor({ caller: 'shop', version: '1.2.3', address: collector.address })
})
afterEach(async () => {
  await shop.close()
  await vendor.stop()
  await collector.stop()
})

describe('a monitor', () => {
  it('reports what is wrapped', async () => {
    const stripe = {
      create: (amount: number) => Promise.resolve(amount),
      list: () => {
        throw new TypeError('private')
      },
    }
    const wrapped = shop.wrapAll('stripe.Charge', stripe)
    const create = shop.wrap('charge', stripe.create)
    expect([await wrapped.create(1), await create(2), shop.time('sum', () => 3)]).toEqual([1, 2, 3])
    expect(wrapped.list).toThrow(TypeError)
    const calls = await collector.received(4)
    expect(calls.map(({ operation, error }) => [operation, error]).sort()).toEqual([
      ['charge', ''],
      ['stripe.Charge.create', ''],
      ['stripe.Charge.list', 'TypeError'],
      ['sum', ''],
    ])
    expect(calls[0]).toMatchObject({
      method: '',
      host: '',
      status: undefined,
      caller: 'shop',
      version: '1.2.3',
    })
    expect(collector.datagrams).toHaveLength(1)
  })

  it('hands back what cannot be wrapped', () => {
    // A program without types passes anything.
    const untyped = shop as {
      wrap: (name: string, fn: unknown) => unknown
      wrapAll: (name: string, object: unknown) => unknown
    }
    expect(untyped.wrap('none', undefined)).toBeUndefined()
    expect(untyped.wrapAll('none', null)).toBeNull()
  })

  it('reports requests without their secrets', async () => {
    shop.instrument()
    shop.instrument()
    const url = new URL('/ok?key=secret#secret', vendor.url)
    await (await fetch(url)).text()
    await collector.received(1)
    await shop.close()
    expect(collector.calls()).toMatchObject([
      {
        method: 'GET',
        host: '127.0.0.1',
        path: '/ok',
        status: 200,
        operation: '',
        caller: 'shop',
        version: '1.2.3',
      },
    ])
    expect(collector.datagrams.join('')).not.toContain('secret')
  })

  it('stops instrumenting when it is told to', async () => {
    shop.instrument()()
    await (await fetch(`${vendor.url}/ok`)).text()
    shop.time('the last one', () => undefined)
    await collector.received(1)
    expect(collector.calls()).toMatchObject([{ operation: 'the last one' }])
  })

  it('lets what is wrapped work after it has been closed', async () => {
    const charge = shop.wrap('charge', () => 'charged')
    charge()
    await shop.close()
    await shop.close()
    expect([charge(), shop.dropped]).toEqual(['charged', 1])
    await collector.received(1)
  })

  it('sends datagrams of at most 1 KiB, and every call', async () => {
    const charge = shop.wrap('charge', () => 'charged')
    for (let i = 0; i < 1000; i++) charge()
    await collector.received(1000)
    expect(Math.max(...collector.datagrams.map((text) => text.length))).toBeLessThanOrEqual(1024)
    expect([collector.calls().length, shop.dropped]).toEqual([1000, 0])
  })
})
