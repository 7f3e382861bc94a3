import { endOf, returned, type CallEnd, type IsError } from './call-end.ts'
import { observe } from './observe.ts'
import { isClass, isInherent, isReadOnly, keptWrappers, onSelf, type Callable } from './self.ts'

/**
 * Called once per call.
 *
 * @param seconds From the call until it returned, threw or settled.
 */
export type Report = (seconds: number, end: CallEnd) => void

export interface WrapOptions {
  readonly report: Report
  /** Milliseconds from an arbitrary start, that never go back. */
  readonly now: () => number
  /** Default: what was thrown is an error, unless it carries a status that is none. */
  readonly isError?: IsError | undefined
  /** Whether what was returned shows that this was a call at all. Default: it was. */
  readonly isCall?: (result: unknown) => boolean
}

/**
 * A function that does what `fn` does, and reports it. It is a Proxy, so that `this`, arguments, `new.target`, name,
 * length, properties and prototype are those of `fn`. Results and errors come out as they were; see {@link observe}.
 * Its own methods, such as the static ones of a class, run on `fn`, which alone has its private fields.
 *
 * @param selfOf What the function gets as `this` instead of what it was called on. Default: just that.
 */
export function wrapFunction<F extends Callable>(
  fn: F,
  { report, now, isError, isCall = () => true }: WrapOptions,
  selfOf: (self: unknown) => unknown = (self) => self,
): F {
  const since = (startedAt: number): number => (now() - startedAt) / 1000
  const watched = <R>(startedAt: number, call: () => R): R => {
    try {
      return call()
    } catch (error) {
      report(since(startedAt), endOf(error, isError))
      throw error
    }
  }
  const methodOf = keptWrappers((key, method) =>
    isInherent(key, method) || isClass(method)
      ? method
      : onSelf(method, (self) => (self === wrapped ? fn : self)),
  )
  const wrapped: F = new Proxy(fn, {
    apply(target, self, args) {
      const startedAt = now()
      const result = watched(
        startedAt,
        () => Reflect.apply(target as () => unknown, selfOf(self), args) as unknown,
      )
      if (!isCall(result)) return result
      if (isObject(result)) {
        return observe(result, (failure) => {
          report(since(startedAt), failure === undefined ? returned : endOf(failure.thrown, isError))
        })
      }
      report(since(startedAt), returned)
      return result
    },
    construct(target, args, newTarget) {
      const made: unknown = newTarget === (wrapped as unknown) ? target : newTarget
      const startedAt = now()
      const result = watched(
        startedAt,
        () => Reflect.construct(target as new () => object, args, made as Callable) as object,
      )
      report(since(startedAt), returned)
      return result
    },
    get(target, key, receiver) {
      const value: unknown = Reflect.get(target, key, receiver === wrapped ? target : receiver)
      return typeof value === 'function' && !isReadOnly(target, key)
        ? methodOf(key, value as Callable)
        : value
    },
    set: (target, key, value, receiver) =>
      Reflect.set(target, key, value, receiver === wrapped ? target : receiver),
  })
  return wrapped
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
