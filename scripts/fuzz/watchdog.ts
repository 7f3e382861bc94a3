import { Worker } from 'node:worker_threads'

/** Notices an input whose reading never ends. */
export interface Watchdog {
  readonly before: (input: Buffer) => void
  readonly stop: () => Promise<unknown>
}

const secondsAllowed = 60
const maxBytes = 64 * 1024

/**
 * A thread that ends this process if the same input is read for a minute: nothing else can, because the reading takes the only
 * thread that could.
 */
export function startWatchdog(): Watchdog {
  const shared = new SharedArrayBuffer(8 + maxBytes)
  const counts = new Int32Array(shared, 0, 2)
  const bytes = new Uint8Array(shared, 8)
  const worker = new Worker(
    `const { workerData } = require('node:worker_threads')
    const { writeSync } = require('node:fs')
    const counts = new Int32Array(workerData.shared, 0, 2)
    let last = -1
    setInterval(() => {
      const now = Atomics.load(counts, 0)
      if (now !== last) { last = now; return }
      const input = Buffer.from(workerData.shared, 8, counts[1])
      writeSync(2, 'hang: an input is read for more than ${secondsAllowed} s, in base64: ' + input.toString('base64') + '\\n')
      process.kill(process.pid, 'SIGKILL')
    }, ${secondsAllowed * 1000})`,
    { eval: true, workerData: { shared }, execArgv: [] },
  )
  worker.unref()
  return {
    before(input) {
      bytes.set(input.subarray(0, maxBytes))
      counts[1] = Math.min(input.length, maxBytes)
      Atomics.add(counts, 0, 1)
    },
    stop: () => worker.terminate(),
  }
}
