import { parentPort, type MessagePort } from 'node:worker_threads'
import type { Check } from '../../checks/index.ts'
import { recordProbeLog } from '../../checks/log.ts'
import { runProbe } from '../../checks/run.ts'
import { systemClock } from '../../lib/time/clock.ts'
import { threadCpuSeconds } from '../../lib/time/thread-cpu.ts'
import { Turns } from '../turns.ts'
import { Batch } from './batch.ts'
import { ChainSender } from './chains.ts'
import { forget, ping, type Answer, type Message, type Order, type Said } from './messages.ts'
import { unpack } from './packed.ts'

// The program of a thread that makes probes and does nothing else, so that their times contain no work but their own.

const port = parentPort as MessagePort
const checks = new Map<number, Check>()

const chains = new ChainSender()
const turns = new Turns()
const answers = new Batch<Answer>(say)

port.on('message', (message: Message) => {
  if (message === ping) sayAlive()
  else
    for (const order of message)
      if (order === forget) checks.clear()
      else beginSoon(order)
})
sayAlive()

function beginSoon(order: Order): void {
  const check = checkOf(order)
  const askedAt = systemClock.monotonic()
  turns.begin(() => {
    // Where its time is over, it has been answered for.
    if (systemClock.monotonic() - askedAt < order.timeoutSeconds * 1000) void probe(order, check)
  })
}

async function probe(order: Order, check: Check): Promise<void> {
  const log = recordProbeLog(systemClock.monotonic)
  const result = await runProbe(check, { timeoutSeconds: order.timeoutSeconds, log })
  answers.add({ id: order.id, ...chains.apart(result), log: JSON.stringify(log.lines) })
}

function checkOf({ check, packed }: Order): Check {
  const known = checks.get(check)
  if (known) return known
  const made = unpack(packed) as Check
  checks.set(check, made)
  return made
}

function sayAlive(): void {
  say({ cpuSeconds: threadCpuSeconds() })
}

function say(message: Said): void {
  port.postMessage(message)
}
