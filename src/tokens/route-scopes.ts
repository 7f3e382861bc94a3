import type { Scope } from './scopes.ts'

/** What a route asks of those who use it. */
export interface RouteScope {
  readonly method: 'POST' | 'gRPC'
  /** As Express or gRPC knows it. */
  readonly path: string
  readonly scope: Scope
  /** Whether `?token=` is accepted too: `navigator.sendBeacon` cannot set a header. Default: it is not. */
  readonly tokenInQuery?: boolean
}

/** Every route that wants a token once there is one of its scope. All other routes are open. */
export const routeScopes: readonly RouteScope[] = [
  { method: 'POST', path: '/api/v1/calls', scope: 'calls', tokenInQuery: true },
  { method: 'POST', path: '/v1/traces', scope: 'calls' },
  {
    method: 'gRPC',
    path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    scope: 'calls',
  },
]

/** The scope that a method of gRPC wants; undefined where it is open. */
export function scopeOfGrpc(path: string): Scope | undefined {
  return routeScopes.find((row) => row.method === 'gRPC' && row.path === path)?.scope
}
