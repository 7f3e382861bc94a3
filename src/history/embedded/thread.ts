import { once } from 'node:events'
import { ProbityError } from '../../lib/errors.ts'
import type { Answer, Question } from './messages.ts'
import type { Sql, Statements } from '../sql.ts'
import { startWorker } from '../../lib/io/worker.ts'

interface Waiting {
  readonly resolve: (rows: unknown[]) => void
  readonly reject: (error: Error) => void
}

/**
 * Opens the database in its own thread, so that nothing here waits while it works.
 *
 * @param signal Gives up opening.
 * @throws What kept it from opening. Statements throw `DATABASE_GONE` once the thread has ended.
 */
export async function startThread(data: string, signal?: AbortSignal): Promise<Sql> {
  signal?.throwIfAborted()
  const worker = startWorker('worker', import.meta.url, {
    workerData: data,
    // The thread only passes statements and rows on. The default would let it keep 48 MB for that.
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
  })
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  let gone: Error | undefined

  worker.on('message', ({ id, rows = [], error }: Answer) => {
    const asked = waiting.get(id)
    waiting.delete(id)
    // A thread that has nothing to do keeps no process alive.
    if (waiting.size === 0) worker.unref()
    if (error) asked?.reject(Object.assign(new Error(error.message), { code: error.code }))
    else asked?.resolve(rows)
  })
  worker.on('error', end)
  worker.on('exit', () => {
    end(new Error('its thread has ended'))
  })

  function end(cause: Error): void {
    gone ??= new ProbityError('DATABASE_GONE', `the built-in database has stopped: ${cause.message}`, {
      cause,
    })
    for (const { reject } of waiting.values()) reject(gone)
    waiting.clear()
  }

  function answered(id: number): Promise<unknown[]> {
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject })
    })
  }

  function ask(statement: string, parameters?: readonly unknown[]): Promise<unknown[]> {
    if (gone) return Promise.reject(gone)
    const question: Question = { id: ++lastId, statement, ...(parameters && { parameters }) }
    worker.ref()
    worker.postMessage(question)
    return answered(question.id)
  }

  const statements: Statements = {
    query: async <Row>(statement: string, parameters: readonly unknown[] = []) =>
      (await ask(statement, parameters)) as Row[],
    async script(text) {
      await ask(text)
    },
  }

  const giveUp = (): void => void worker.terminate()
  signal?.addEventListener('abort', giveUp)
  try {
    await answered(0)
  } catch (error) {
    await worker.terminate()
    throw error
  } finally {
    signal?.removeEventListener('abort', giveUp)
  }

  // A transaction has the only connection for itself: everything waits for what came before it.
  let last: Promise<unknown> = Promise.resolve()
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const done = last.then(work)
    last = done.catch(() => undefined)
    return done
  }

  async function close(): Promise<void> {
    if (gone) return
    worker.ref()
    const ended = once(worker, 'exit')
    worker.postMessage('close')
    await ended
  }

  let closing: Promise<void> | undefined
  return {
    query: (...statement) => alone(() => statements.query(...statement)),
    script: (text) => alone(() => statements.script(text)),
    transaction: (work) =>
      alone(async () => {
        await statements.script('begin')
        try {
          const result = await work(statements)
          await statements.script('commit')
          return result
        } catch (error) {
          await statements.script('rollback').catch(() => undefined)
          throw error
        }
      }),
    close: () => (closing ??= alone(close)),
  }
}
