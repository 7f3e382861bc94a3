import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { codeOf, messageOf } from '../../lib/errors.ts'
import type { Answer, Question } from './messages.ts'

// The program of the thread in which the built-in database works: a statement of it blocks whatever shares its thread.

/** The default takes 160 MB. What is not in these is in the cache of the operating system. */
const sharedBuffers = ['-c', 'shared_buffers=4MB']

const port = parentPort as MessagePort
try {
  const database = await PGlite.create(workerData as string, {
    startParams: [...PGlite.defaultStartParams, ...sharedBuffers],
  })
  port.on('message', (question: Question | 'close') => {
    void (question === 'close' ? close(database) : answer(database, question))
  })
  send({ id: 0 })
} catch (error) {
  send(refusal(0, error))
}

async function answer(database: PGlite, { id, statement, parameters }: Question): Promise<void> {
  try {
    if (parameters) {
      const { rows } = await database.query(statement, [...parameters])
      send({ id, rows })
    } else {
      await database.exec(statement)
      send({ id })
    }
  } catch (error) {
    // A trap of WebAssembly leaves nothing that could be relied on.
    if (error instanceof Error && error.name === 'RuntimeError') throw error
    send(refusal(id, error))
  }
}

async function close(database: PGlite): Promise<void> {
  await database.close()
  port.close()
}

function refusal(id: number, error: unknown): Answer {
  const code = codeOf(error)
  return { id, error: { message: messageOf(error), ...(code !== undefined && { code }) } }
}

function send(message: Answer): void {
  port.postMessage(message)
}
