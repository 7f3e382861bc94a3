import { describe, expect, it } from 'vitest'
import { setImmediate as turn } from 'node:timers/promises'
import type { CallEnd, IsError } from '../../client/src/call-end.ts'
import type { Callable } from '../../client/src/self.ts'
import { wrapFunction } from '../../client/src/wrap.ts'

interface Told extends CallEnd {
  readonly seconds: number
}

/** Wraps with a clock that advances by 1 s whenever it is read, and keeps what is reported. */
function wrapped<F extends Callable>(fn: F, isError?: IsError): { fn: F; told: Told[] } {
  const told: Told[] = []
  let time = 0
  return {
    told,
    fn: wrapFunction(fn, {
      now: () => (time += 1000),
      isError,
      report: (seconds, end) => {
        told.push({ seconds, ...end })
      },
    }),
  }
}

const ok = { seconds: 1, error: '' }

describe('a wrapped function', () => {
  it('gets its arguments and its this', () => {
    const { fn, told } = wrapped(function (this: unknown, ...args: unknown[]) {
      return [this, args, arguments.length]
    })
    const self = { fn }
    expect(self.fn(1, undefined)).toEqual([self, [1, undefined], 2])
    expect(fn.call('text')).toEqual(['text', [], 0])
    expect(told).toEqual([ok, ok])
  })

  it('looks like the function that it wraps', () => {
    function charge(amount: number, currency: string): string {
      return `${amount} ${currency}`
    }
    charge.retries = 3
    const { fn } = wrapped(charge)
    expect([fn.name, fn.length, fn.retries, Object.keys(fn)]).toEqual(['charge', 2, 3, ['retries']])
    fn.retries = 4
    expect(charge.retries).toBe(4)
    expect(fn.prototype).toBe(charge.prototype)
  })

  it('can be a class, which sees itself as new.target', () => {
    class Client {
      static readonly kind = 'client'
      #secret = 7
      readonly made: unknown
      constructor() {
        this.made = new.target
      }
      get secret(): number {
        return this.#secret
      }
    }
    const { fn: Wrapped, told } = wrapped(Client)
    class Sub extends Wrapped {}
    const client = new Wrapped()
    expect(client).toBeInstanceOf(Client)
    expect(client).toBeInstanceOf(Wrapped)
    expect([client.made, client.secret, Wrapped.kind]).toEqual([Client, 7, 'client'])
    expect(new Sub().made).toBe(Sub)
    expect(told).toEqual([ok, ok])
    // As with any class, calling it without `new` is an error.
    expect(() => Reflect.apply(Wrapped as never, undefined, [])).toThrow(TypeError)
  })

  it.each([undefined, null, 0, '', Symbol.iterator, 5n, { a: 1 }, [1], () => 1, new Map()])(
    'returns %p',
    (value) => {
      const { fn, told } = wrapped(() => value)
      expect(fn()).toBe(value)
      expect(told).toEqual([ok])
    },
  )

  it.each([
    { thrown: new TypeError('private'), error: 'TypeError' },
    { thrown: Object.assign(new Error('private'), { code: 'ECONNRESET' }), error: 'ECONNRESET' },
    { thrown: new (class APIUserAbortError extends Error {})('private'), error: 'APIUserAbortError' },
    { thrown: new (class extends Error {})('private'), error: 'Error' },
    { thrown: 'private', error: 'string' },
    { thrown: undefined, error: 'undefined' },
    { thrown: null, error: 'null' },
    { thrown: { code: 402 }, error: 'object' },
    { thrown: Object.create(null) as object, error: 'object' },
    {
      thrown: {
        get code(): string {
          throw new Error('never read me')
        },
      },
      error: 'object',
    },
  ])('throws what was thrown, and reports $error', async ({ thrown, error }) => {
    const caught = (fn: () => unknown): unknown => {
      try {
        return fn()
      } catch (value) {
        return { value }
      }
    }
    const thrower = wrapped(() => {
      throw thrown as Error
    })
    expect((caught(thrower.fn) as { value: unknown }).value).toBe(thrown)
    const rejecter = wrapped(() => Promise.reject(thrown as Error))
    expect(await rejecter.fn().then(undefined, (value: unknown) => ({ value }))).toEqual({ value: thrown })
    expect([...thrower.told, ...rejecter.told]).toEqual([
      { seconds: 1, error },
      { seconds: 1, error },
    ])
  })
})

describe('what an API says when it throws', () => {
  const throws = (thrown: unknown, isError?: IsError): Told[] => {
    const { fn, told } = wrapped(() => {
      throw thrown as Error
    }, isError)
    expect(fn).toThrow()
    return told
  }
  const error = (fields: object): Error => Object.assign(new Error('private'), fields)

  it.each([
    { sdk: 'OpenAI, Twilio', fields: { status: 404 }, status: 404 },
    { sdk: 'Stripe', fields: { statusCode: 402, code: 'card_declined' }, status: 402 },
    { sdk: 'axios', fields: { response: { status: 409 } }, status: 409 },
    { sdk: 'got', fields: { response: { statusCode: 503 } }, status: 503 },
    { sdk: 'AWS SDK v3', fields: { $metadata: { httpStatusCode: 400 } }, status: 400 },
    { sdk: 'Elasticsearch', fields: { meta: { statusCode: 404 } }, status: 404 },
    { sdk: 'gRPC: not found', fields: { code: 5, details: 'none', metadata: {} }, status: 404 },
    { sdk: 'gRPC: unavailable', fields: { code: 14, details: 'down', metadata: {} }, status: 503 },
    { sdk: 'the second place', fields: { status: 'failed', statusCode: 422 }, status: 422 },
  ])('is its status: $sdk', ({ fields, status }) => {
    expect(throws(error(fields))).toMatchObject([{ status }])
  })

  it.each([
    { status: 'failed' },
    { status: 7 },
    { status: 4040 },
    { code: 5 },
    { response: null },
    { response: { status: undefined } },
    Object.defineProperty({}, 'status', {
      get: () => {
        throw new Error('never read me')
      },
    }),
  ])('is nothing where there is no status: %j', (fields) => {
    expect(throws(fields)).toEqual([{ seconds: 1, error: 'object' }])
  })

  it('is what the program says it is', () => {
    const declined = error({ statusCode: 402 })
    expect(throws(declined, () => true)).toEqual([{ seconds: 1, error: 'Error' }])
    expect(throws(new TypeError('private'), () => false)).toEqual([ok])
    expect(throws(new DOMException('stop', 'AbortError'), () => true)).toEqual([
      { seconds: 1, error: 'Error' },
    ])
    const broken = (): never => {
      throw new Error('a mistake of the program')
    }
    // Programs without types: what is true enough, what is false enough, and what says nothing.
    const says = (what: unknown): IsError => (() => what) as unknown as IsError
    for (const yes of ['ECONNRESET', 503, {}])
      expect(throws(declined, says(yes))).toEqual([{ seconds: 1, error: 'Error' }])
    for (const no of [null, 0, '']) expect(throws(declined, says(no))).toEqual([ok])
    for (const nothing of [undefined, Promise.resolve(false)])
      expect(throws(declined, says(nothing))).toEqual([{ seconds: 1, error: 'Error', status: 402 }])
    expect(throws(declined, broken)).toEqual([{ seconds: 1, error: 'Error', status: 402 }])
  })
})

describe('a wrapped class', () => {
  it('of a compiler for old engines has static methods that run on itself, and classes that are themselves', () => {
    const made = new WeakSet<object>()
    const Inner = class {
      readonly inner = true
    }
    // As compilers write them: classes and static methods are functions with a prototype.
    const Old = Object.assign(function Old() {} as unknown as new () => object, {
      make: function (this: object): boolean {
        return made.has(this)
      },
      NotFound: function NotFound() {},
      Empty: function Empty() {} as unknown as new () => object,
      Inner,
    })
    Object.setPrototypeOf(Old.NotFound.prototype as object, Error.prototype)
    made.add(Old)
    const { fn: Wrapped } = wrapped(Old)
    expect(Wrapped.make()).toBe(true)
    expect([Wrapped.Inner === Inner, Wrapped.NotFound === Old.NotFound]).toEqual([true, true])
    const { Empty } = Wrapped
    expect([new Empty() instanceof Old.Empty, new Empty() instanceof Empty]).toEqual([true, true])
  })

  it('runs its static methods on itself, which alone has its private fields', () => {
    class Client {
      static #made = 0
      static get made(): number {
        return this.#made
      }
      static set made(value: number) {
        this.#made = value
      }
      readonly open = true
      static make(): Client {
        this.#made += 1
        return new this()
      }
    }
    const { fn: Wrapped } = wrapped(Client)
    expect(Wrapped.make()).toBeInstanceOf(Client)
    expect(Wrapped.made).toBe(1)
    Wrapped.made = 7
    expect(Client.made).toBe(7)
  })
})

describe('a subclass of Promise with methods, as the SDK of OpenAI returns it', () => {
  class ApiPromise<T> extends Promise<T> {
    #answer: Promise<T> = Promise.resolve() as Promise<T>
    static of<T>(answer: Promise<T>): ApiPromise<T> {
      const made = new ApiPromise<T>(() => undefined)
      made.#answer = answer
      return made
    }
    override then<A = T, B = never>(
      onOk?: ((value: T) => A | PromiseLike<A>) | null,
      onError?: ((reason: unknown) => B | PromiseLike<B>) | null,
    ): Promise<A | B> {
      return this.#answer.then(onOk, onError)
    }
    async withResponse(): Promise<{ data: T; status: number }> {
      return { data: await this.#answer, status: 200 }
    }
  }

  it('is reported once, whichever of them is used', async () => {
    const { fn, told } = wrapped(() => ApiPromise.of(Promise.resolve('hi')))
    expect(await fn().withResponse()).toEqual({ data: 'hi', status: 200 })
    expect(told).toHaveLength(1)
    expect(await fn()).toBe('hi')
    expect(told).toHaveLength(2)
    const both = fn()
    await both.withResponse()
    await both
    expect(told).toHaveLength(3)
  })

  it('is reported as failed, and its error is still unhandled by default', async () => {
    const { fn, told } = wrapped(() =>
      ApiPromise.of(Promise.reject(Object.assign(new Error('private'), { status: 500 }))),
    )
    await expect(fn().withResponse()).rejects.toThrow('private')
    expect(told).toMatchObject([{ status: 500 }])
  })
})

describe('a wrapped function that returns a promise', () => {
  it('keeps what hangs on the promise, also under a symbol', async () => {
    const kept = {
      more: () => 3,
      *[Symbol.iterator]() {
        yield 1
      },
    }
    const list = (): Promise<number[]> & typeof kept => {
      const promise = Promise.resolve([1, 2])
      return Object.assign(promise, kept)
    }
    const { fn } = wrapped(list)
    const promise = fn()
    expect([promise.more(), ...Array.from(promise)]).toEqual([3, 1])
    expect(await promise).toEqual([1, 2])
  })

  it('is reported when the promise settles', async () => {
    let settle: (value: string) => void = () => undefined
    const { fn, told } = wrapped(
      () =>
        new Promise<string>((resolve) => {
          settle = resolve
        }),
    )
    const promise = fn()
    await turn()
    expect(told).toEqual([])
    settle('done')
    expect(await promise).toBe('done')
    expect(told).toEqual([ok])
  })

  it('hands on what hangs on the promise', async () => {
    const cancel = (): string => 'cancelled'
    const { fn } = wrapped(() => Object.assign(Promise.resolve(1), { cancel }))
    const promise = fn()
    expect(promise.cancel).toBe(cancel)
    expect(await promise).toBe(1)
  })

  it('hands on a subclass as it is, and watches its then', async () => {
    class Lazy extends Promise<number> {
      reads = 0
      override then<A, B>(
        onOk?: ((value: number) => A | PromiseLike<A>) | null,
        onError?: ((error: unknown) => B | PromiseLike<B>) | null,
      ): Promise<A | B> {
        this.reads += 1
        return Promise.resolve(42).then(onOk, onError)
      }
    }
    const original = new Lazy(() => undefined)
    const { fn, told } = wrapped(() => original)
    const result = fn()
    expect(result).toBe(original)
    expect([original.reads, told]).toEqual([0, []])
    expect(await result).toBe(42)
    expect(await result).toBe(42)
    expect([original.reads, told]).toEqual([2, [ok]])
  })
})

describe('a wrapped function that returns a thenable', () => {
  it('does not start it', async () => {
    let started = 0
    const query = {
      where: 'id = 1',
      then(onOk?: (rows: number[]) => unknown, onError?: (error: unknown) => unknown, transaction?: string) {
        started += 1
        return Promise.resolve(onOk?.([1, started]) ?? onError?.(transaction))
      },
    }
    const { fn, told } = wrapped(() => query)
    const result = fn()
    expect(result).toBe(query)
    expect([started, told, Object.keys(result)]).toEqual([0, [], ['where', 'then']])
    expect(await result).toEqual([1, 1])
    expect(told).toEqual([ok])
  })

  it('reports its failure, also when nobody handles it there', async () => {
    const failure = new RangeError('private')
    const { fn, told } = wrapped(() => ({
      then: (_onOk: unknown, onError: (error: unknown) => unknown) =>
        Promise.resolve().then(() => onError(failure)),
    }))
    await expect(fn()).rejects.toBe(failure)
    expect(told).toEqual([{ seconds: 1, error: 'RangeError' }])
  })

  it.each([
    { what: 'a frozen one', value: Object.freeze({ then: () => undefined }) },
    {
      what: 'a getter',
      value: {
        get then(): unknown {
          throw new Error('never read me')
        },
      },
    },
    { what: 'no function', value: { then: 'soon' } },
    {
      what: 'a hostile proxy',
      value: new Proxy(
        {},
        {
          has: () => {
            throw new Error('never ask me')
          },
        },
      ),
    },
  ])('does not touch $what', ({ value }) => {
    const { fn, told } = wrapped(() => value)
    expect(fn()).toBe(value)
    expect(told).toEqual([ok])
  })
})

describe('a wrapped generator function', () => {
  it('returns the generator that it made', () => {
    const { fn, told } = wrapped(function* (): Generator<number, string, number> {
      const sent = yield 1
      yield sent * 2
      return 'end'
    })
    const generator = fn()
    expect(told).toEqual([ok])
    expect([generator.next(), generator.next(21), generator.next(0)]).toEqual([
      { value: 1, done: false },
      { value: 42, done: false },
      { value: 'end', done: true },
    ])
  })

  it('returns an asynchronous one too', async () => {
    const { fn } = wrapped(async function* () {
      yield await Promise.resolve(1)
      yield 2
    })
    const seen: number[] = []
    for await (const each of fn()) seen.push(each)
    expect(seen).toEqual([1, 2])
  })
})
