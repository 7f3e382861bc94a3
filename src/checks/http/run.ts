import type { ProbeContext } from '../../net/attempt.ts'
import type { HttpCheck } from './schema.ts'
import type { Clock } from '../../lib/time/clock.ts'
import type { CookieJar } from './cookies.ts'
import type { HttpEvidence } from './evidence.ts'
import type { ResponseHeaders } from './headers.ts'
import type { ProxyEnvironment } from '../../net/proxy/proxy.ts'
import type { Lookup } from '../../net/resolve.ts'
import type { Sockets } from '../../net/sockets.ts'
import type { TokenStore } from './access/token-store.ts'
import type { TrustStore } from '../../net/tls/trust-store.ts'

/** Takes what it needs out of the last answer, whatever that is judged to be. */
export interface Harvest {
  /** Whether it needs the body. */
  readonly needsBody: boolean
  /** The cookies are those of all answers so far. */
  readonly head: (headers: ResponseHeaders, cookies: CookieJar) => void
  /** Called where the body could be read to its end. */
  readonly body: (text: string) => void
}

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
  readonly tokens: TokenStore
  /** Where a proxy may be named. */
  readonly env: ProxyEnvironment
  readonly harvest?: Harvest
}
