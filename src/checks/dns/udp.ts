import type { Attempt } from '../../net/attempt.ts'
import { messageOf } from '../../lib/errors.ts'
import { endpoint } from '../../net/connect.ts'
import { askByDatagram } from '../shared/datagrams.ts'
import { decodeAnswer, type Answer, type Query } from './message.ts'
import { MalformedMessage } from './reader.ts'

/** Milliseconds after which a question is asked again at the latest. */
const patienceMs = 1000

/** The first time, a third of the time of the probe is enough; each time it takes twice as long. */
function* waits(timeoutSeconds = Infinity): Generator<number, undefined> {
  for (let wait = Math.min(patienceMs, (timeoutSeconds * 1000) / 3); ; wait *= 2) yield wait
}

/**
 * Asks over UDP. Datagrams that do not answer the question are ignored: a forged one must not decide what is seen, nor hide the
 * true one that comes after it.
 *
 * @throws ProbeFailure `connect`.
 */
export async function askUdp(query: Query, address: string, port: number, run: Attempt): Promise<Answer> {
  const { evidence, context } = run
  const where = endpoint(address, port)
  evidence.doing = `waiting for the answer from ${where}`
  let ignored = 0
  const take = (datagram: Buffer): Answer | undefined => {
    try {
      return decodeAnswer(datagram, query)
    } catch (error) {
      const problem = messageOf(error)
      evidence.doing = `waiting for the answer from ${where}; ${++ignored} other datagrams were ignored (the last one: ${problem})`
      if (error instanceof MalformedMessage) return undefined
      throw new Error(problem, { cause: error })
    }
  }
  const { bytes } = query
  return askByDatagram(
    { bytes, address, port, noun: 'query', waits: waits(context.timeoutSeconds), take },
    run,
  )
}
