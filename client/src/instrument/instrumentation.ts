import { subscribe, unsubscribe } from 'node:diagnostics_channel'

/** A request that is over. */
export interface HttpCall {
  readonly method: string
  /** As it was requested: the query string and the userinfo are still in it. */
  readonly url: string
  /** Of the response; 0 when none came. */
  readonly status: number
  readonly durationSeconds: number
  /** Empty when nothing failed. */
  readonly error: string
  /** What was called, where the protocol says so: `pay.Payments/Charge`. */
  readonly operation?: string
}

export interface InstrumentationOptions {
  /** Called once per request. */
  readonly report: (call: HttpCall) => void
  /** Milliseconds from an arbitrary start, that never go back. */
  readonly now: () => number
}

/** Says what to listen to: names of diagnostics channels with what to do with their messages. */
export type Instrumentation = (options: InstrumentationOptions) => Record<string, (message: never) => void>

/**
 * Listens.
 *
 * @returns Stops it. Safe to call twice.
 */
export function listen(instrumentation: Instrumentation, options: InstrumentationOptions): () => void {
  const listeners = Object.entries(instrumentation(options)).map(([channel, handle]) => {
    const listener = (message: unknown): void => {
      try {
        handle(message as never)
      } catch {
        // What a library publishes may change. An error here would end the program.
      }
    }
    subscribe(channel, listener)
    return { channel, listener }
  })
  return () => {
    for (const { channel, listener } of listeners) unsubscribe(channel, listener)
  }
}
