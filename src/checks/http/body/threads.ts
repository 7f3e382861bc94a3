import type { Worker } from 'node:worker_threads'
import { codeOf } from '../../../lib/errors.ts'
import { createSlots } from '../../../lib/time/slots.ts'
import { startWorker } from '../../../lib/io/worker.ts'
import { ProbeFailure } from '../../../net/failure.ts'
import type { BodyJudge } from './question.ts'
import type { BodyAnswer, BodyQuestion } from './question.ts'

/** What a thread is asked for. */
export interface BodyTask {
  readonly bytes: Uint8Array
  readonly question: BodyQuestion
  readonly maxSteps: number
}

/** What it says. The time that a thread takes to start is not the body's. */
export type Said = 'begun' | BodyAnswer

export interface BodyThreadsOptions {
  /** How many work at the same time. Default 2: one hostile target leaves one to all others. */
  readonly count?: number
  /** Milliseconds that one body may take. Default 10 s. */
  readonly limitMs?: number
  /** Milliseconds after which a thread that nobody has asked for anything ends. Default 60 s. */
  readonly idleMs?: number
  /** MB of memory that a thread may take besides the bytes of the body. Default 256. */
  readonly heapMb?: number
}

/** Bytes of a body after which its thread ends: it would keep the memory that such a body takes, several times its size. */
const largeBytes = 2 * 2 ** 20

/** Steps that JSONPaths may take: about a second, and less than 100 MB of memory. */
const maxSteps = 10_000_000

/**
 * Makes a judge that asks threads, which start when there is something to do. Whatever a body makes them do, nothing else
 * waits for it, and a thread that takes too long, or too much memory, ends.
 */
export function createBodyThreads(options: BodyThreadsOptions = {}): BodyJudge {
  const { count = 2, limitMs = 10_000, idleMs = 60_000, heapMb = 256 } = options
  const slots = createSlots(count)
  const idle: { readonly worker: Worker; readonly ending: NodeJS.Timeout }[] = []

  function take(): Worker {
    const known = idle.pop()
    clearTimeout(known?.ending)
    known?.worker.ref()
    return (
      known?.worker ??
      startWorker('worker', import.meta.url, { resourceLimits: { maxOldGenerationSizeMb: heapMb } })
    )
  }

  function giveBack(worker: Worker): void {
    // A thread that has nothing to do keeps no process alive.
    worker.unref()
    const ending = setTimeout(() => {
      idle.splice(
        idle.findIndex((one) => one.worker === worker),
        1,
      )
      void worker.terminate()
    }, idleMs)
    idle.push({ worker, ending: ending.unref() })
  }

  return async (bytes, question, signal) => {
    const done = await slots.take(signal)
    if (!done) throw signal.reason as Error
    const worker = take()
    const isLarge = bytes.length > largeBytes
    try {
      const answer = await ask(worker, { bytes: whole(bytes), question, maxSteps }, { signal, limitMs })
      if (isLarge) void worker.terminate().finally(done)
      else {
        giveBack(worker)
        done()
      }
      return answer
    } catch (error) {
      // Before another starts, so that there are never more of them. Nobody waits for it: a parser cannot be interrupted.
      void worker.terminate().finally(done)
      throw codeOf(error) === 'ERR_WORKER_OUT_OF_MEMORY'
        ? unjudged(`that takes more than ${heapMb} MB of memory`)
        : error
    }
  }
}

function unjudged(why: string): ProbeFailure {
  return new ProbeFailure('body', `the body cannot be checked: ${why}`)
}

/** Bytes that have their memory for themselves, so that they can be handed over without a copy. */
function whole(bytes: Buffer): Uint8Array<ArrayBuffer> {
  const { buffer, byteLength } = bytes
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
    ? new Uint8Array(buffer)
    : Uint8Array.from(bytes)
}

function ask(
  worker: Worker,
  task: BodyTask & { readonly bytes: Uint8Array<ArrayBuffer> },
  { signal, limitMs }: { readonly signal: AbortSignal; readonly limitMs: number },
): Promise<BodyAnswer> {
  return new Promise<BodyAnswer>((resolve, reject) => {
    const giveUp = (): void => {
      reject(signal.reason as Error)
    }
    let limit: NodeJS.Timeout | undefined
    const begin = (): void => {
      limit = setTimeout(() => {
        reject(unjudged(`that takes longer than ${limitMs / 1000} s`))
      }, limitMs)
    }
    const onMessage = (said: Said): void => {
      if (said === 'begun') begin()
      else
        settle(() => {
          resolve(said)
        })
    }
    const onError = (error: Error): void => {
      settle(() => {
        reject(error)
      })
    }
    const onExit = (): void => {
      onError(new Error('the thread that checks bodies has ended'))
    }
    const settle = (done: () => void): void => {
      clearTimeout(limit)
      signal.removeEventListener('abort', giveUp)
      worker.off('message', onMessage).off('error', onError).off('exit', onExit)
      done()
    }
    if (signal.aborted) giveUp()
    signal.addEventListener('abort', giveUp)
    worker.on('message', onMessage).on('error', onError).on('exit', onExit)
    worker.postMessage(task, [task.bytes.buffer])
  })
}
