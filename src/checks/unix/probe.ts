import type { Attempt } from '../../net/attempt.ts'
import { connect, type Socket } from 'node:net'
import type { UnixCheck } from './schema.ts'
import { codeOf, messageOf } from '../../lib/errors.ts'
import { attempt } from '../shared/attempt.ts'
import { ProbeFailure } from '../../net/failure.ts'
import type { Prober } from '../result.ts'
import { prepare } from '../../net/tls/secure.ts'
import { createTrustStore } from '../../net/tls/trust-store.ts'
import { Conversation } from '../shared/dialogue/conversation.ts'
import { converse, DialogueEvidence } from '../shared/dialogue/dialogue.ts'
import type { ConnectionProberOptions } from '../tcp/probe.ts'

/** Makes a prober that connects to a Unix domain socket and goes through a dialogue. */
export function createUnixProber({
  authorities,
}: Pick<ConnectionProberOptions, 'authorities'> = {}): Prober<UnixCheck> {
  const trust = createTrustStore(authorities)
  return async (check, context) => {
    const { path, tls: settings, useTls, dialogue } = check
    if (useTls || dialogue.some((step) => step.startTls)) prepare(trust, settings)
    const said = new DialogueEvidence()
    return attempt(context, {
      details: () => ({ dialogue: said.result() }),
      work: async (run) => {
        const socket = await connectTo(path, run)
        const conversation = new Conversation(socket, { settings, trust, host: path, address: path }, run)
        if (useTls) await conversation.upgrade()
        return converse(dialogue, conversation, said)
      },
    })
  }
}

/** The prober of `unix:` targets. */
export const probeUnix = createUnixProber()

async function connectTo(path: string, { evidence, clock, context, sockets }: Attempt): Promise<Socket> {
  refuseBlocked(path, context.allowAddress)
  evidence.doing = `connecting to ${path}`
  context.log.add('connecting', { path })
  const began = clock.monotonic()
  const socket = connect({ path, allowHalfOpen: true })
  sockets.track(socket)
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', (cause) => {
      reject(connectFailure(cause, path))
    })
  })
  evidence.phases.connect = (clock.monotonic() - began) / 1000
  return socket
}

/** A client that may not reach this machine by its own address may not reach it in another way. */
function refuseBlocked(path: string, allowAddress: Attempt['context']['allowAddress']): void {
  try {
    allowAddress?.('127.0.0.1')
  } catch (cause) {
    throw new ProbeFailure('blocked', `${path} is on this machine, and ${messageOf(cause)}`, { cause })
  }
}

const problems: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such socket',
  ECONNREFUSED: 'nothing is listening on it',
  EACCES: 'its permissions do not let Probity write to it',
  ENOTDIR: 'a part of its path is not a folder',
  EAGAIN: 'its queue of connections is full',
  EPROTOTYPE: 'it is a socket of another type',
}

function connectFailure(cause: Error, path: string): ProbeFailure {
  const code = codeOf(cause) ?? 'unknown error'
  const problem = problems[code] ?? 'it cannot be connected to'
  return new ProbeFailure('connect', `${path}: ${problem} (${code})`, { cause })
}
