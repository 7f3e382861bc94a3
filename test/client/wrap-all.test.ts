import { describe, expect, it } from 'vitest'
import { EventEmitter } from 'node:events'
import { wrapObject } from '../../client/src/wrap-all.ts'

class Charges {
  #count = 0
  currency = 'eur'
  create(amount: number): string {
    this.#count += 1
    return `${this.describe(amount)} #${this.#count}`
  }
  describe(amount: number): string {
    return `${amount} ${this.currency}`
  }
  get count(): number {
    return this.#count
  }
  async fail(): Promise<never> {
    await Promise.resolve()
    throw new TypeError('private')
  }
  *[Symbol.iterator](): Generator<number> {
    yield this.#count
  }
}

function wrapped<T extends object>(object: T): { object: T; told: string[] } {
  const told: string[] = []
  return {
    told,
    object: wrapObject(object, (method) => ({
      now: () => 0,
      report: (_seconds, { error }) => {
        told.push(`${method ?? ''}:${error}`)
      },
    })),
  }
}

describe('an object with wrapped methods', () => {
  it('keeps apart what is set on an object that inherits from it', () => {
    const { object, told } = wrapped({
      rate: 1,
      get double(): number {
        return this.rate * 2
      },
      read(): number {
        return this.rate
      },
    })
    const heir = Object.create(object) as typeof object
    heir.rate = 5
    expect([heir.rate, heir.double, heir.read()]).toEqual([5, 10, 5])
    expect([object.rate, object.double, object.read()]).toEqual([1, 2, 1])
    expect(told).toEqual(['read:', 'read:'])
  })

  it('reports each call once, and not what its methods call', () => {
    const { object, told } = wrapped(new Charges())
    expect([object.create(5), object.create(6)]).toEqual(['5 eur #1', '6 eur #2'])
    expect(told).toEqual(['create:', 'create:'])
  })

  it('reports failures', async () => {
    const { object, told } = wrapped(new Charges())
    await expect(object.fail()).rejects.toThrow(TypeError)
    expect(told).toEqual(['fail:TypeError'])
  })

  it('reads and writes properties through, also those with getters', () => {
    const charges = new Charges()
    const { object, told } = wrapped(charges)
    object.currency = 'usd'
    object.create(1)
    expect([charges.currency, object.count, 'count' in object]).toEqual(['usd', 1, true])
    expect([object instanceof Charges, object.constructor, Object.keys(object)]).toEqual([
      true,
      Charges,
      ['currency'],
    ])
    expect(told).toEqual(['create:'])
  })

  it('leaves the object as it was', () => {
    const charges = new Charges()
    const { told } = wrapped(charges)
    charges.create(1)
    expect(told).toEqual([])
  })

  it('runs methods that are not reported on the object too', () => {
    const { object, told } = wrapped(new Charges())
    expect([...object]).toEqual([0])
    expect([String(wrapped(new Date(0)).object), object.hasOwnProperty('currency')]).toEqual([
      String(new Date(0)),
      true,
    ])
    expect(told).toEqual([])
  })

  it('gives out the same method until it is replaced', () => {
    const { object, told } = wrapped({ ping: (): string => 'first' })
    expect(object.ping).toBe(object.ping)
    object.ping = () => 'second'
    expect(object.ping()).toBe('second')
    expect(told).toEqual(['ping:'])
  })

  it('can be a function with methods, or a module', () => {
    const sdk = Object.assign(() => 'called', { list: () => ['a'] })
    const { object, told } = wrapped(sdk)
    expect([object(), object.list(), object.call(undefined)]).toEqual(['called', ['a'], 'called'])
    expect(told).toEqual([':', 'list:', ':'])
  })

  it('hands out the methods of a frozen object as they are, as the language demands', () => {
    const { object, told } = wrapped(Object.freeze({ ping: () => 'pong' }))
    expect(object.ping()).toBe('pong')
    expect(told).toEqual([])
  })

  it('lets a method be called on something else', () => {
    const { object } = wrapped(new Charges())
    const other = new Charges()
    other.currency = 'chf'
    expect(object.describe.call(other, 3)).toBe('3 chf')
  })

  it('does not report what is no call: listeners, and clients that are made of a client', () => {
    class Client extends EventEmitter {
      child(): Client {
        return new Client()
      }
      use(): this {
        return this
      }
      search(): string {
        return 'found'
      }
    }
    const { object, told } = wrapped(new Client())
    const heard: string[] = []
    object.on('answer', () => heard.push('answer'))
    object.emit('answer')
    expect([object.child().search(), object.use().search(), object.search(), heard]).toEqual([
      'found',
      'found',
      'found',
      ['answer'],
    ])
    expect(told).toEqual(['search:'])
  })
})
