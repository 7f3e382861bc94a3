import type { Worker } from 'node:worker_threads'
import { startWorker } from '../../lib/io/worker.ts'

/** What the thread is asked. */
export interface Comparison {
  readonly id: number
  readonly password: string
  readonly hash: string
}

/** What it answers. */
export interface Outcome {
  readonly id: number
  readonly same: boolean
}

/** Compares passwords with what bcrypt made of them, one after the other. */
export interface Comparer {
  /** @returns Undefined where too many wait already. */
  readonly compare: (password: string, hash: string) => Promise<boolean> | undefined
  readonly stop: () => Promise<void>
}

interface Waiting {
  readonly resolve: (same: boolean) => void
  readonly reject: (error: Error) => void
}

/** Comparisons that wait: with the usual cost, some seconds of work. */
const maxWaiting = 32

/** Makes a comparer whose thread starts when it is needed. */
export function createComparer(): Comparer {
  const waiting = new Map<number, Waiting>()
  let worker: Worker | undefined
  let lastId = 0

  function fail(error: Error): void {
    worker = undefined
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }

  function thread(): Worker {
    if (worker) return worker
    const started = startWorker('worker', import.meta.url)
    started.on('message', ({ id, same }: Outcome) => {
      waiting.get(id)?.resolve(same)
      waiting.delete(id)
      // A thread that has nothing to do keeps no process alive.
      if (waiting.size === 0) started.unref()
    })
    started.on('error', fail)
    started.on('exit', () => {
      if (worker === started) fail(new Error('the thread that compares passwords has ended'))
    })
    return (worker = started)
  }

  return {
    compare(password, hash) {
      if (waiting.size >= maxWaiting) return undefined
      const id = ++lastId
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject })
        const asked = thread()
        asked.ref()
        asked.postMessage({ id, password, hash } satisfies Comparison)
      })
    },
    async stop() {
      const ended = worker
      fail(new Error('the server stops'))
      await ended?.terminate()
    },
  }
}
