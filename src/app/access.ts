import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { Gauge, type Registry } from 'prom-client'
import { startAccess, type Access, type AccessDependencies, type AccessOptions } from '../access/access.ts'
import { nameOf } from '../access/caller.ts'
import { visitorOf } from '../access/visitors.ts'
import { shownAddress, type ListenAddress } from '../lib/http/listen.ts'
import { isLoopback } from '../lib/http/loopback.ts'
import { definition } from '../metrics/registry.ts'
import { selfMetrics } from '../metrics/self.ts'

/** Who may use a server, as its flags say it. */
export interface AccessPlaces extends Pick<
  AccessOptions,
  'webConfigFile' | 'tokens' | 'allowedHosts' | 'externalUrl' | 'routePrefix' | 'telemetryPath'
> {
  /** Whether everybody who can reach the server may use it, so that nothing warns of that. Default: something does. */
  readonly trustsNetwork?: boolean
}

export interface OpenAccessOptions
  extends AccessPlaces, Pick<AccessOptions, 'sendLogin' | 'refuse' | 'pathOfHost'> {
  readonly listenAddress: ListenAddress
  /** Where spans are received over gRPC. Default: nowhere. */
  readonly otlpGrpcAddress?: ListenAddress | undefined
  /** Where the key of logins is kept. Default: it ends with the process. */
  readonly storagePath?: string
  readonly registry: Registry
}

/** Who may use a server, and whether that is everybody who can reach it. */
export interface ServerAccess extends Access {
  readonly isOpenToNetwork: () => boolean
  /** Who sends a request, as messages name them; undefined where nobody is known. */
  readonly callerOf: (request: IncomingMessage) => string | undefined
}

/**
 * Reads who may use a server. Where that is everybody beyond this machine, the log and a metric say so.
 *
 * @throws ProbityError when something cannot be used.
 */
export async function openAccess(
  options: OpenAccessOptions,
  dependencies: AccessDependencies,
): Promise<ServerAccess> {
  const { listenAddress, otlpGrpcAddress, storagePath, registry, trustsNetwork = false } = options
  const sessionKeyFile = storagePath === undefined ? undefined : join(storagePath, 'session-key')
  const access = await startAccess({ ...options, sessionKeyFile }, dependencies)
  const open = (): ListenAddress[] => {
    if (trustsNetwork || access.isClosed()) return []
    const grpc = access.tokens.required('calls') ? undefined : otlpGrpcAddress
    return [listenAddress, ...(grpc ? [grpc] : [])].filter(({ host }) => !isLoopback(host))
  }
  const isOpenToNetwork = (): boolean => open().length > 0
  new Gauge({
    ...definition(selfMetrics.openToNetwork),
    registers: [registry],
    collect() {
      this.set(isOpenToNetwork() ? 1 : 0)
    },
  })
  for (const address of open())
    dependencies.log.warn(
      `everybody who can reach ${shownAddress(address)} may use it: set --web.config.file or create tokens (docs/access.md), listen on 127.0.0.1, or set --web.trust-network`,
    )
  return {
    ...access,
    isOpenToNetwork,
    callerOf(request) {
      const { caller } = visitorOf(request)
      return caller && nameOf(caller)
    },
  }
}
