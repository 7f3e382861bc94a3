import type { Address } from '../../../net/address.ts'
import type { Attempt } from '../../../net/attempt.ts'
import { measured } from '../../../net/measured.ts'
import { reach } from '../../../net/reach.ts'
import { systemLookup, type FamilyPreference, type Lookup } from '../../../net/resolve.ts'
import { prepare, secure } from '../../../net/tls/secure.ts'
import type { TlsSettings } from '../../../net/tls/settings.ts'
import { createTrustStore } from '../../../net/tls/trust-store.ts'
import { Wire } from '../dialogue/wire.ts'

export interface ServiceProberOptions {
  /** PEM certificates of the authorities to trust. Default: those that Node.js trusts. */
  readonly authorities?: readonly string[]
  /** Default: getaddrinfo. */
  readonly lookup?: Lookup
}

/** What a check says of its connection. */
export interface ServiceConnection extends FamilyPreference {
  readonly address: Address
  readonly useTls: boolean
  readonly tls: TlsSettings
}

/** Talks over a connection to a service. What it takes until its end is the phase `processing`. */
export type Talk = <T>(check: ServiceConnection, run: Attempt, talk: (wire: Wire) => Promise<T>) => Promise<T>

/** Makes what opens the connections of a prober: resolves, connects, and begins TLS where it is asked to. */
export function createTalk({ authorities, lookup = systemLookup }: ServiceProberOptions): Talk {
  const trust = createTrustStore(authorities)
  return async (check, run, talk) => {
    const { address: target, useTls, tls: settings } = check
    if (useTls) prepare(trust, settings)
    const { socket, address } = await reach(target, check, lookup, run)
    const secured = useTls
      ? await secure(socket, { settings, trust, host: target.host, address }, run)
      : socket
    const tell = (seconds: number): void => {
      run.evidence.phases.processing = seconds
    }
    return measured(run, tell, () => talk(new Wire(secured)))
  }
}
