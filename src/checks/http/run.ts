import type { ProbeContext } from '../../net/attempt.ts'
import type { HttpCheck } from './schema.ts'
import type { Clock } from '../../lib/time/clock.ts'
import type { BodyJudge } from './body/question.ts'
import type { BodyCapture } from './body/question.ts'
import type { Found } from './body/captured.ts'
import type { CookieJar } from './exchange/cookies.ts'
import type { HttpEvidence } from './evidence.ts'
import type { ResponseHeaders } from './headers.ts'
import type { ProxyEnvironment } from '../../net/proxy/proxy.ts'
import type { Lookup } from '../../net/resolve.ts'
import type { Sockets } from '../../net/sockets.ts'
import type { TokenStore } from './access/token-store.ts'
import type { Trace } from './trace.ts'
import type { TrustStore } from '../../net/tls/trust-store.ts'

/** Takes what it needs out of the last answer, whatever that is judged to be. */
export interface Harvest {
  /** What it wants of the body. */
  readonly wanted: readonly BodyCapture[]
  /** The cookies are those of all answers so far. */
  readonly head: (headers: ResponseHeaders, cookies: CookieJar) => void
  /** Called with what was found of that, where the body could be read to its end. */
  readonly body: (found: readonly Found[]) => void
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
  readonly judgeBody: BodyJudge
  /** The trace of its requests; absent: they say nothing of any, or what is configured. */
  readonly trace?: Trace
  /** Where a proxy may be named. */
  readonly env: ProxyEnvironment
  readonly harvest?: Harvest
}
