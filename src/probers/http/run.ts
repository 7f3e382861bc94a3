import type { HttpCheck } from '../../config/checks/http.ts'
import type { Clock } from '../../lib/clock.ts'
import type { CookieJar } from './cookies.ts'
import type { HttpEvidence } from './evidence.ts'
import type { ProbeContext } from '../prober.ts'
import type { Lookup } from '../resolve.ts'
import type { Sockets } from '../sockets.ts'
import type { TrustStore } from '../trust-store.ts'

/** Everything that the steps of one probe share. */
export interface HttpRun {
  readonly check: HttpCheck
  readonly context: ProbeContext
  readonly clock: Clock
  readonly evidence: HttpEvidence
  readonly sockets: Sockets
  readonly cookies: CookieJar
  readonly lookup: Lookup
  readonly trust: TrustStore
}
