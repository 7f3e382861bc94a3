import { parentPort } from 'node:worker_threads'
import { compareSync } from 'bcryptjs'
import type { Comparison, Outcome } from './comparer.ts'

/** The program of the thread: bcrypt takes a tenth of a second by intention, for which nothing else shall wait. */
parentPort?.on('message', ({ id, password, hash }: Comparison) => {
  const outcome: Outcome = { id, same: compareSync(password, hash) }
  parentPort?.postMessage(outcome)
})
