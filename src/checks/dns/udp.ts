import type { Attempt } from '../../net/attempt.ts'
import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { codeOf, messageOf } from '../../lib/errors.ts'
import { endpoint } from '../../net/connect.ts'
import { ProbeFailure } from '../../net/failure.ts'
import { decodeAnswer, type Answer, type Query } from './message.ts'
import { MalformedMessage } from './reader.ts'

/** Milliseconds after which a question is asked again at the latest; each time it takes twice as long. */
const patienceMs = 1000

/** The first time, a third of the time of the probe is enough. */
function firstPatience(timeoutSeconds: number | undefined): number {
  return timeoutSeconds === undefined ? patienceMs : Math.min(patienceMs, (timeoutSeconds * 1000) / 3)
}

/**
 * Asks over UDP, and again where no answer comes: a datagram may be lost. Datagrams of others, and those that do not answer the question, are ignored: a forged one must not decide
 * what is seen, nor hide the true one that comes after it.
 *
 * @throws ProbeFailure `connect`.
 */
export async function askUdp(query: Query, address: string, port: number, run: Attempt): Promise<Answer> {
  const { evidence, context, sockets } = run
  const { guard } = sockets
  const where = endpoint(address, port)
  evidence.doing = `waiting for the answer from ${where}`
  const socket = guard.emitter(createSocket(isIPv6(address) ? 'udp6' : 'udp4'))
  let ignored = 0
  let stop: (() => void) | undefined
  let again: NodeJS.Timeout | undefined
  try {
    const answered = new Promise<Answer>((resolve, reject) => {
      stop = () => {
        reject(context.signal.reason as Error)
      }
      context.signal.addEventListener('abort', stop, { once: true })
      socket.on('error', (cause) => {
        reject(unreachable(cause, where))
      })
      socket.on('message', (bytes) => {
        try {
          resolve(decodeAnswer(bytes, query))
        } catch (error) {
          const problem = messageOf(error)
          evidence.doing = `waiting for the answer from ${where}; ${++ignored} other datagrams were ignored (the last one: ${problem})`
          if (!(error instanceof MalformedMessage)) reject(new Error(problem, { cause: error }))
        }
      })
      const sent = (cause: Error | null): void => {
        if (cause) reject(unreachable(cause, where))
      }
      const ask = (waitMs: number): void => {
        socket.send(query.bytes, sent)
        const repeat = (): void => {
          context.log.add('no answer yet, asking again', { afterMilliseconds: Math.round(waitMs) })
          ask(2 * waitMs)
        }
        again = setTimeout(guard.callback(repeat), waitMs)
      }
      const connected = (cause?: Error): void => {
        // Without a route there is one, whatever the types of Node.js say.
        if (cause) reject(unreachable(cause, where))
        else ask(firstPatience(context.timeoutSeconds))
      }
      // The system drops what comes from another address.
      socket.connect(port, address, guard.callback(connected))
    })
    return await guard.watch(answered)
  } finally {
    clearTimeout(again)
    if (stop) context.signal.removeEventListener('abort', stop)
    // Nothing waits for late errors.
    socket.removeAllListeners()
    socket.on('error', () => undefined)
    socket.close()
  }
}

const problems: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the query: nothing is listening there',
  EHOSTUNREACH: 'cannot be reached: no route to the host',
  ENETUNREACH: 'cannot be reached: no route to its network',
  EADDRNOTAVAIL: 'cannot be reached: this machine has no address to send from',
  EAFNOSUPPORT: 'cannot be reached: this machine does not speak its version of IP',
  EACCES: 'cannot be queried: this machine forbids it',
  EPERM: 'cannot be queried: this machine forbids it',
}

function unreachable(cause: Error, where: string): ProbeFailure {
  const code = codeOf(cause) ?? 'unknown error'
  return new ProbeFailure('connect', `${where} ${problems[code] ?? 'cannot be queried'} (${code})`, { cause })
}
