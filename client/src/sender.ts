import { createDatagrams } from './datagrams.ts'
import type { Transport } from './udp.ts'

/** Takes lines and lets them leave in batches. */
export interface Sender {
  /** Lines that were given up so far: too many waited, or the system did not take them. */
  readonly dropped: number
  /** Takes a line. It neither waits nor throws, and the system is not called before it returns. */
  send: (line: string) => void
  /** Sends what waits, now. */
  flush: () => void
  /** Sends what waits and closes the transport. Lines that come later are dropped. Safe to call twice. */
  close: () => Promise<void>
}

export interface SenderOptions {
  readonly transport: Transport
  /** Default 1024: below the MTU of every network, so that no datagram is divided. */
  readonly maxDatagramBytes?: number
  /** How long a line waits for others, in milliseconds. Default 50. */
  readonly maxWait?: number
  /** What may wait at most, in bytes. Default 256 KiB: about 4,000 calls. */
  readonly maxBytes?: number
}

// Taken before a test of the program can replace them by fakes that never fire.
const { setImmediate, setTimeout, clearTimeout, clearImmediate } = globalThis

/** Batches lines into datagrams. Neither of its timers keeps the process alive. */
export function createSender({
  transport,
  maxDatagramBytes = 1024,
  maxWait = 50,
  maxBytes = 256 * 1024,
}: SenderOptions): Sender {
  const datagrams = createDatagrams(maxDatagramBytes, maxBytes)
  let dropped = 0
  let timer: NodeJS.Timeout | undefined
  let immediate: NodeJS.Immediate | undefined
  let closed: Promise<void> | undefined

  const flush = (): void => {
    clearTimeout(timer)
    clearImmediate(immediate)
    timer = undefined
    immediate = undefined
    if (datagrams.bytes === 0 || !transport.ready()) return
    for (const { text, lines } of datagrams.take()) if (!transport.send(text)) dropped += lines
  }

  return {
    get dropped() {
      return dropped
    },
    send(line) {
      if (closed !== undefined || !datagrams.add(line)) {
        dropped += 1
        return
      }
      timer ??= setTimeout(flush, maxWait).unref()
      // The system call takes longer than everything else here, so it is left to a moment when no call is waiting.
      if (datagrams.full) immediate ??= setImmediate(flush).unref()
    },
    flush,
    close() {
      closed ??= new Promise((resolve) => {
        flush()
        for (const { lines } of datagrams.take()) dropped += lines
        transport.close(resolve)
      })
      return closed
    },
  }
}
