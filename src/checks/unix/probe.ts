import type { Attempt } from '../../net/attempt.ts'
import type { Socket } from 'node:net'
import type { UnixCheck } from './schema.ts'
import { attempt } from '../shared/attempt.ts'
import type { Prober } from '../result.ts'
import { prepare } from '../../net/tls/secure.ts'
import { createTrustStore } from '../../net/tls/trust-store.ts'
import { connectUnix } from '../../net/unix-socket.ts'
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
  evidence.doing = `connecting to ${path}`
  context.log.add('connecting', { path })
  const began = clock.monotonic()
  const { allowAddress } = context
  const socket = await connectUnix(path, { sockets, allowAddress, allowHalfOpen: true })
  evidence.phases.connect = (clock.monotonic() - began) / 1000
  return socket
}
