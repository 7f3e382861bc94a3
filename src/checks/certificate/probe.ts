import type { CertificateCheck } from './schema.ts'
import { attempt } from '../shared/attempt.ts'
import type { Prober } from '../result.ts'
import { reach } from '../../net/reach.ts'
import { systemLookup } from '../../net/resolve.ts'
import { prepare } from '../../net/tls/secure.ts'
import { createTrustStore } from '../../net/tls/trust-store.ts'
import { Conversation } from '../shared/dialogue/conversation.ts'
import type { ConnectionProberOptions } from '../tcp/probe.ts'

/** Makes a prober that does a TLS handshake and verifies the certificate. */
export function createCertificateProber(options: ConnectionProberOptions = {}): Prober<CertificateCheck> {
  const { authorities, lookup = systemLookup } = options
  const trust = createTrustStore(authorities)
  return async (check, context) => {
    const { address: target, tls: settings, startTls } = check
    prepare(trust, settings)
    return attempt(context, {
      work: async (run) => {
        const { socket, address } = await reach(target, check, lookup, run)
        const conversation = new Conversation(socket, { settings, trust, host: target.host, address }, run)
        await (startTls ? conversation.negotiate(startTls) : conversation.upgrade())
        return undefined
      },
    })
  }
}

/** The prober of `certificate:` targets. */
export const probeCertificate = createCertificateProber()
