import { errorName } from './error-name.ts'
import { observe } from './observe.ts'

/** A function or a class. */
export type Callable = ((...args: never[]) => unknown) | (abstract new (...args: never[]) => unknown)

/**
 * Called once per call.
 *
 * @param seconds From the call until it returned, threw or settled.
 * @param error What was thrown, as {@link errorName} calls it. Empty when nothing was.
 */
export type Report = (seconds: number, error: string) => void

export interface WrapOptions {
  readonly report: Report
  /** Milliseconds from an arbitrary start, that never go back. */
  readonly now: () => number
}

/**
 * A function that does what `fn` does, and reports it. It is a Proxy, so that `this`, arguments, `new.target`, name,
 * length, properties and prototype are those of `fn`. Results and errors come out as they were; see {@link observe}.
 *
 * @param selfOf What the function gets as `this` instead of what it was called on. Default: just that.
 */
export function wrapFunction<F extends Callable>(
  fn: F,
  { report, now }: WrapOptions,
  selfOf: (self: unknown) => unknown = (self) => self,
): F {
  const since = (startedAt: number): number => (now() - startedAt) / 1000
  const returned = (result: unknown, startedAt: number): unknown => {
    if (isObject(result)) {
      return observe(result, (error) => {
        report(since(startedAt), error)
      })
    }
    report(since(startedAt), '')
    return result
  }
  const wrapped: F = new Proxy(fn, {
    apply(target, self, args) {
      const startedAt = now()
      let result: unknown
      try {
        result = Reflect.apply(target as () => unknown, selfOf(self), args)
      } catch (error) {
        report(since(startedAt), errorName(error))
        throw error
      }
      return returned(result, startedAt)
    },
    construct(target, args, newTarget) {
      const made: unknown = newTarget === (wrapped as unknown) ? target : newTarget
      const startedAt = now()
      let result: object
      try {
        result = Reflect.construct(target as new () => object, args, made as Callable) as object
      } catch (error) {
        report(since(startedAt), errorName(error))
        throw error
      }
      report(since(startedAt), '')
      return result
    },
  })
  return wrapped
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
