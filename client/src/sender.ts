import { pack } from './datagrams.ts'
import type { Transport } from './udp.ts'

/** Takes calls and lets them leave in batches. */
export interface Sender<T> {
  /** Calls that were given up so far: too many waited, or the system did not take them. */
  readonly dropped: number
  /** Takes a call. It only notes it: the work is left to a moment when no call is waiting. */
  send: (call: T) => void
  /** Sends what waits, now. */
  flush: () => void
  /** Sends what waits and closes the transport. Calls that come later are dropped. Safe to call twice. */
  close: () => Promise<void>
}

export interface SenderOptions<T> {
  readonly transport: Transport
  /** The line of a call, with its newline. */
  readonly encode: (call: T) => string
  /** Default 1024: below the MTU of every network, so that no datagram is divided. */
  readonly maxDatagramBytes?: number
  /** How long a call waits for others, in milliseconds. Default 50. */
  readonly maxWait?: number
  /** This many calls do not wait for the timer. Default 64: a few datagrams. */
  readonly batch?: number
  /** How many calls may wait at most. Default 4096. */
  readonly maxWaiting?: number
}

// Taken before a test of the program can replace them by fakes that never fire.
const { setImmediate, setInterval, clearInterval } = globalThis

/** Batches calls into datagrams. Neither of its timers keeps the process alive. */
export function createSender<T>({
  transport,
  encode,
  maxDatagramBytes = 1024,
  maxWait = 50,
  batch = 64,
  maxWaiting = 4096,
}: SenderOptions<T>): Sender<T> {
  let waiting: T[] = []
  let dropped = 0
  let timer: NodeJS.Timeout | undefined
  let closed: Promise<void> | undefined

  const flush = (): void => {
    if (waiting.length === 0 || !transport.ready()) return
    const calls = waiting
    waiting = []
    const lines = linesOf(calls, encode)
    dropped += calls.length - lines.length
    for (const datagram of pack(lines, maxDatagramBytes)) {
      if (!transport.send(datagram.text)) dropped += datagram.lines
    }
  }
  // It runs on while calls come, because starting one takes longer than noting a call.
  const tick = (): void => {
    if (waiting.length > 0) {
      flush()
      return
    }
    clearInterval(timer)
    timer = undefined
  }

  return {
    get dropped() {
      return dropped
    },
    send(call) {
      if (closed !== undefined || waiting.length >= maxWaiting) {
        dropped += 1
        return
      }
      const length = waiting.push(call)
      timer ??= setInterval(tick, maxWait).unref()
      if (length === batch) setImmediate(flush).unref()
    },
    flush,
    close() {
      closed ??= new Promise((resolve) => {
        flush()
        clearInterval(timer)
        dropped += waiting.length
        waiting = []
        transport.close(resolve)
      })
      return closed
    },
  }
}

function linesOf<T>(calls: readonly T[], encode: (call: T) => string): string[] {
  const lines: string[] = []
  for (const call of calls) {
    try {
      lines.push(encode(call))
    } catch {
      // A program without types may have passed a name that is not text.
    }
  }
  return lines
}
