import { errorName } from './error-name.ts'
import { observe } from './observe.ts'

/** A function or a class. */
export type Callable = ((...args: never[]) => unknown) | (abstract new (...args: never[]) => unknown)

/**
 * Told once per call.
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
 * @param selfOf What the function gets as `this` in place of what it was called on. Default: just that.
 */
export function wrapFunction<F extends Callable>(
  fn: F,
  { report, now }: WrapOptions,
  selfOf: (self: unknown) => unknown = (self) => self,
): F {
  const watch = (call: () => unknown): unknown => {
    const startedAt = now()
    const ended = (error: string): void => {
      report((now() - startedAt) / 1000, error)
    }
    let result: unknown
    try {
      result = call()
    } catch (error) {
      ended(errorName(error))
      throw error
    }
    return observe(result, ended)
  }
  const wrapped: F = new Proxy(fn, {
    apply: (target, self, args) =>
      watch(() => Reflect.apply(target as () => unknown, selfOf(self), args) as unknown),
    construct(target, args, newTarget) {
      const made: unknown = newTarget === (wrapped as unknown) ? target : newTarget
      return watch(
        () => Reflect.construct(target as new () => object, args, made as Callable) as unknown,
      ) as object
    },
  })
  return wrapped
}
