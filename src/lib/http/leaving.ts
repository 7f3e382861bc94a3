import type { RequestListener } from 'node:http'
import type { Timers } from '../time/timers.ts'

export interface LeavingOptions {
  /** For how long requests are still answered. */
  readonly delayMs: number
  readonly timers: Timers
}

/** How a server ends without the loss of a request: proxies see that it is not ready any more, and use others. */
export interface Leaving {
  /** Whether it has begun: `/-/ready` says so. */
  readonly begun: () => boolean
  /** From when it has begun, each answer is the last of its connection: the next request goes to another server. */
  readonly announce: (handler: RequestListener) => RequestListener
  /** Begins, and resolves after the delay. */
  readonly leave: () => Promise<void>
}

/** Starts with a server that stays. */
export function createLeaving({ delayMs, timers }: LeavingOptions): Leaving {
  let begun = false
  return {
    begun: () => begun,
    announce: (handler) => (request, response) => {
      if (begun) response.shouldKeepAlive = false
      handler(request, response)
    },
    async leave() {
      begun = true
      if (delayMs > 0) await new Promise<void>((resolve) => timers.after(delayMs, resolve))
    },
  }
}
