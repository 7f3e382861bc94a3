import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { codeOf } from '../../lib/errors.ts'
import type { Attempt } from '../../net/attempt.ts'
import { endpoint } from '../../net/connect.ts'
import { ProbeFailure } from '../../net/failure.ts'

/** What is asked over UDP. */
export interface DatagramQuestion<T> {
  readonly bytes: Uint8Array
  readonly address: string
  readonly port: number
  /** What the datagram is, in messages: `query`. */
  readonly noun: string
  /** Milliseconds after which it is sent again, each time; after the last one, it is not. */
  readonly waits: Iterator<number>
  /** Reads a datagram that came from there; nothing where it is not the answer, which is still waited for. */
  readonly take: (datagram: Buffer) => T | undefined
}

/**
 * Asks over UDP, and again where no answer comes: a datagram may be lost. Datagrams of others are ignored.
 *
 * @throws ProbeFailure `connect`, and whatever `take` throws.
 */
export async function askByDatagram<T>(question: DatagramQuestion<T>, run: Attempt): Promise<T> {
  const { bytes, address, port, noun, waits, take } = question
  const { context, sockets } = run
  const { guard } = sockets
  const socket = guard.emitter(createSocket(isIPv6(address) ? 'udp6' : 'udp4'))
  let stop: (() => void) | undefined
  let again: NodeJS.Timeout | undefined
  try {
    const answered = new Promise<T>((resolve, reject) => {
      const fail = (cause: Error): void => {
        reject(unreachable(cause, endpoint(address, port), noun))
      }
      stop = () => {
        reject(context.signal.reason as Error)
      }
      context.signal.addEventListener('abort', stop, { once: true })
      socket.on('error', fail)
      socket.on('message', (datagram) => {
        try {
          const answer = take(datagram)
          if (answer !== undefined) resolve(answer)
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)))
        }
      })
      const ask = (): void => {
        socket.send(bytes, (cause) => {
          if (cause) fail(cause)
        })
        const wait = waits.next()
        if (wait.done === true) return
        const repeat = (): void => {
          context.log.add('no answer yet, asking again', { afterMilliseconds: Math.round(wait.value) })
          ask()
        }
        again = setTimeout(guard.callback(repeat), wait.value)
      }
      const connected = (cause?: Error): void => {
        // Without a route there is one, whatever the types of Node.js say.
        if (cause) fail(cause)
        else ask()
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
  EHOSTUNREACH: 'cannot be reached: no route to the host',
  ENETUNREACH: 'cannot be reached: no route to its network',
  EADDRNOTAVAIL: 'cannot be reached: this machine has no address to send from',
  EAFNOSUPPORT: 'cannot be reached: this machine does not speak its version of IP',
  EMSGSIZE: 'cannot be reached: the datagram is too long',
  EACCES: 'cannot be reached: this machine forbids it',
  EPERM: 'cannot be reached: this machine forbids it',
}

/** The answer of the other machine to a datagram for a port where nothing is (ICMP port unreachable). */
const refusal = 'ECONNREFUSED'

function unreachable(cause: Error, where: string, noun: string): ProbeFailure {
  const code = codeOf(cause) ?? 'unknown error'
  const problem = problems[code] ?? 'cannot be reached'
  const what = code === refusal ? `refused the ${noun}: nothing is listening there` : problem
  return new ProbeFailure('connect', `${where} ${what} (${code})`, { cause })
}
