import { types } from 'node:util'

/** Called when a call ended, with what it threw if it did. */
export type Ended = (failure?: { readonly thrown: unknown }) => void

type Then = (this: unknown, onOk?: unknown, onError?: unknown, ...rest: unknown[]) => unknown

// Taken before anybody can replace it.
const { then: promiseThen } = Promise.prototype as unknown as { then: Then }

/**
 * Sees to it that `ended` is called when the result of a call is there: at once for a value, when it settles for a promise.
 *
 * A plain promise is handed on as another one that settles alike, because a handler on the promise itself would mark
 * its rejection as handled, and the program would never see an unhandled error. Every other thenable (a
 * subclass of Promise, a query that starts when it is awaited) is handed on as it is, and is watched when the program
 * uses its `then`, or another method of a subclass of Promise (`withResponse` of OpenAI). A generator or a stream is a value: reading it to its end is not part of the call.
 */
export function observe<T extends object>(result: T, ended: Ended): T {
  if (isPlainPromise(result)) return derive(result, ended) as T
  const once = onlyOnce(ended)
  if (!watchThen(result, once)) once()
  else if (types.isPromise(result)) watchMethods(result, once)
  return result
}

/** Of this realm or of another one, but not of a subclass: `await` takes its `then` without looking it up. */
function isPlainPromise(value: object): value is Promise<unknown> {
  if (!types.isPromise(value)) return false
  const prototype = Object.getPrototypeOf(value) as object | null
  if (prototype === Promise.prototype) return true
  const parent = (prototype && Object.getPrototypeOf(prototype)) as object | null
  return parent !== null && Object.getPrototypeOf(parent) === null
}

function derive(promise: Promise<unknown>, ended: Ended): unknown {
  const derived = Reflect.apply(promiseThen, promise, watching(ended, undefined, undefined))
  for (const key of Reflect.ownKeys(promise)) {
    // Some libraries hang methods such as cancel onto a promise, or Symbol.asyncIterator.
    Object.defineProperty(derived, key, Object.getOwnPropertyDescriptor(promise, key) ?? {})
  }
  return derived
}

/** @returns False when the value is not a thenable, or one that cannot be watched without touching more of it. */
function watchThen(value: object, ended: Ended): boolean {
  try {
    const then = dataProperty(value, 'then')
    if (typeof then !== 'function' || !Object.isExtensible(value)) return false
    const watched: Then = function (onOk, onError, ...rest) {
      return Reflect.apply(then, this, [...watching(ended, onOk, onError), ...rest])
    }
    Object.defineProperty(watched, 'name', { value: then.name, configurable: true })
    return Reflect.defineProperty(value, 'then', {
      value: watched,
      writable: true,
      configurable: true,
      enumerable: Object.getOwnPropertyDescriptor(value, 'then')?.enumerable ?? false,
    })
  } catch {
    return false
  }
}

/**
 * Watches the methods that a subclass of Promise adds: one that returns a promise of its own settles with the call, and
 * may never use `then`.
 */
function watchMethods(promise: object, ended: Ended): void {
  for (const [key, method] of addedMethods(promise)) {
    const watched = function (this: unknown, ...args: unknown[]): unknown {
      const result = Reflect.apply(method, this, args) as unknown
      return types.isPromise(result) ? observe(result, ended) : result
    }
    Reflect.defineProperty(promise, key, {
      value: watched,
      writable: true,
      configurable: true,
      enumerable: false,
    })
  }
}

function addedMethods(promise: object): [PropertyKey, () => unknown][] {
  const methods = new Map<PropertyKey, () => unknown>()
  for (
    let at = Object.getPrototypeOf(promise) as object | null;
    at !== null && at !== Promise.prototype;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    for (const key of Reflect.ownKeys(at)) {
      const value: unknown = Object.getOwnPropertyDescriptor(at, key)?.value
      if (typeof value !== 'function' || key in Promise.prototype || methods.has(key)) continue
      methods.set(key, value as () => unknown)
    }
  }
  return [...methods]
}

function onlyOnce(ended: Ended): Ended {
  let told = false
  return (failure) => {
    if (!told) ended(failure)
    told = true
  }
}

/** Looks a property up without running a getter: one that computes or throws is the program's to call. */
function dataProperty(value: object, key: string): unknown {
  if (!(key in value)) return undefined
  for (let at: object | null = value; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const descriptor = Object.getOwnPropertyDescriptor(at, key)
    if (descriptor !== undefined) return descriptor.value
  }
  return undefined
}

/** The two handlers of a `then`, each of which reports first and then does what it would have done. */
function watching(
  ended: Ended,
  onOk: unknown,
  onError: unknown,
): [(value: unknown) => unknown, (error: unknown) => unknown] {
  return [
    (value) => {
      ended()
      return typeof onOk === 'function' ? (Reflect.apply(onOk, undefined, [value]) as unknown) : value
    },
    (error) => {
      ended({ thrown: error })
      if (typeof onError === 'function') return Reflect.apply(onError, undefined, [error]) as unknown
      throw error
    },
  ]
}
