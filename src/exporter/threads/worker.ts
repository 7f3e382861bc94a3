import { parentPort, type MessagePort } from 'node:worker_threads'
import type { Check } from '../../checks/index.ts'
import { recordProbeLog } from '../../checks/log.ts'
import { codeOf } from '../../lib/errors.ts'
import { systemClock } from '../../lib/time/clock.ts'
import { threadCpuSeconds } from '../../lib/time/thread-cpu.ts'
import { discoveredGuard } from '../address-guard.ts'
import { ProbesInTurn } from '../probes-in-turn.ts'
import { Batch } from './batch.ts'
import { ChainSender } from './chains.ts'
import { forget, ping, type Answer, type Message, type NotBegun, type Order, type Said } from './messages.ts'
import { unpack } from './packed.ts'

// The program of a thread that makes probes and does nothing else, so that their times contain no work but their own.

const port = parentPort as MessagePort
const checks = new Map<number, Check>()

const chains = new ChainSender()
const probes = new ProbesInTurn()
const answers = new Batch<Answer | NotBegun>(say)

port.on('message', (message: Message) => {
  if (message === ping) sayAlive()
  else
    for (const order of message)
      if (order === forget) checks.clear()
      else void probe(order)
})
sayAlive()

async function probe(order: Order): Promise<void> {
  const log = recordProbeLog(systemClock.monotonic)
  const { id, timeoutSeconds, guard } = order
  try {
    const result = await probes.probe(checkOf(order), {
      timeoutSeconds,
      log,
      ...(guard && { allowAddress: discoveredGuard(guard) }),
    })
    answers.add({ id, ...chains.apart(result), log: JSON.stringify(log.lines) })
  } catch (error) {
    if (codeOf(error) !== 'PROBER_BUSY') throw error
    answers.add({ id, notBegun: true })
  }
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
