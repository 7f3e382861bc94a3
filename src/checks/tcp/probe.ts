import type { TcpCheck } from './schema.ts'
import { attempt } from '../shared/attempt.ts'
import type { Prober } from '../result.ts'
import { reach } from '../../net/reach.ts'
import { systemLookup, type Lookup } from '../../net/resolve.ts'
import { prepare } from '../../net/tls/secure.ts'
import { createTrustStore } from '../../net/tls/trust-store.ts'
import { Conversation } from '../shared/dialogue/conversation.ts'
import { converse, DialogueEvidence } from '../shared/dialogue/dialogue.ts'

export interface ConnectionProberOptions {
  /** PEM certificates of the authorities to trust. Default: those that Node.js trusts. */
  readonly authorities?: readonly string[]
  /** Default: getaddrinfo. */
  readonly lookup?: Lookup
}

/** Makes a prober that connects, begins TLS where it is asked to, and goes through a dialogue. */
export function createTcpProber(options: ConnectionProberOptions = {}): Prober<TcpCheck> {
  const { authorities, lookup = systemLookup } = options
  const trust = createTrustStore(authorities)
  return async (check, context) => {
    const { address: target, tls: settings, useTls, startTls, dialogue } = check
    if (useTls || startTls || dialogue.some((step) => step.startTls)) prepare(trust, settings)
    const said = new DialogueEvidence()
    return attempt(context, {
      details: () => ({ dialogue: said.result() }),
      work: async (run) => {
        const { socket, address } = await reach(target, check, lookup, run)
        const tls = { settings, trust, host: target.host, address }
        const conversation = new Conversation(socket, tls, run)
        if (useTls) await conversation.upgrade()
        if (startTls) await conversation.negotiate(startTls)
        return converse(dialogue, conversation, said)
      },
    })
  }
}

/** The prober of `tcp:` targets. */
export const probeTcp = createTcpProber()
