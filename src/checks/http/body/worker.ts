import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'
import { parentPort, type MessagePort } from 'node:worker_threads'
import { Steps } from '../json-path/steps.ts'
import type { BodyTask, Said } from './threads.ts'
import { judgeBody } from './verdict.ts'

// The program of a thread that judges bodies. What fails here is a bug, or a lack of memory, and ends the thread.

/** The niceness with which a thread gets a third of what others get, where both want more than there is. */
const belowOthers = 5

const port = parentPort as MessagePort
yieldToOthers()
port.on('message', ({ bytes, question, maxSteps }: BodyTask) => {
  say('begun')
  say(judgeBody(bytes, question, new Steps(maxSteps)))
})

/** A large body may take a processor for seconds: everything else that wants it, in this process too, comes first. */
function yieldToOthers(): void {
  try {
    // Linux has a priority for each thread; elsewhere there is no such file, and the process keeps the one that it has.
    const [, thread] = /\/task\/(\d+)$/.exec(readlinkSync('/proc/thread-self')) ?? []
    if (thread !== undefined) setPriority(Number(thread), belowOthers)
  } catch {
    // Without permission it works as before.
  }
}

function say(message: Said): void {
  port.postMessage(message)
}
