import { parentPort, type MessagePort } from 'node:worker_threads'
import { Steps } from '../json-path/steps.ts'
import type { BodyTask, Said } from './threads.ts'
import { judgeBody } from './verdict.ts'

// The program of a thread that judges bodies. What fails here is a bug, or a lack of memory, and ends the thread.

const port = parentPort as MessagePort
port.on('message', ({ bytes, question, maxSteps }: BodyTask) => {
  say('begun')
  say(judgeBody(bytes, question, new Steps(maxSteps)))
})

function say(message: Said): void {
  port.postMessage(message)
}
