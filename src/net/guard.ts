import type { EventEmitter } from 'node:events'

/**
 * What is thrown in a callback, of a socket or a timer, reaches nobody who waits for the check: it would end the process. A
 * guard gives it to the check whose callback it is. What comes after the check has ended is ignored.
 */
export class Guard {
  /** What was thrown first. */
  #fault: { readonly error: unknown } | undefined
  #onFault: ((error: Error) => void) | undefined

  /**
   * Waits for the work of a check.
   *
   * @throws What the work throws, or one of its callbacks.
   */
  async watch<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#onFault = reject
      if (this.#fault) this.#fail(this.#fault.error)
      work.then(resolve, reject)
    })
  }

  #fail(error: unknown): void {
    this.#fault ??= { error }
    this.#onFault?.(this.#fault.error as Error)
  }

  /** The callback, which throws no more. */
  callback<A extends unknown[]>(run: (...args: A) => void): (...args: A) => void {
    return (...args) => {
      try {
        run(...args)
      } catch (error) {
        this.#fail(error)
      }
    }
  }

  /** Takes over what the listeners of an emitter throw, those of Node.js and of libraries too. */
  emitter<E extends EventEmitter>(emitter: E): E {
    const emit = emitter.emit.bind(emitter)
    emitter.emit = (...event: Parameters<typeof emit>) => {
      try {
        return emit(...event)
      } catch (error) {
        this.#fail(error)
        return true
      }
    }
    return emitter
  }
}
