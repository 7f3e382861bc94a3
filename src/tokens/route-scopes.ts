import { safeMethods } from '../lib/http/cross-site.ts'
import type { Scope } from './scopes.ts'

/** What a route asks of those who use it. */
export interface RouteScope {
  /** GET is HEAD too, ANY is whatever method. */
  readonly method: 'GET' | 'POST' | 'ANY' | 'gRPC'
  /** As Express or gRPC knows it. */
  readonly path: string
  /** `public`: nothing. `own secret`: the route itself asks for what nobody else knows. */
  readonly wants: Scope | 'public' | 'own secret'
  /** Whether `?token=` is accepted too: `navigator.sendBeacon` cannot set a header. Default: it is not. */
  readonly tokenInQuery?: boolean
}

/**
 * What is public, and what wants something other than usual. Once access is configured, whatever has no row is closed: to see
 * something wants the scope read, to change something wants admin.
 */
const routeScopes: readonly RouteScope[] = [
  { method: 'GET', path: '/-/healthy', wants: 'public' },
  { method: 'GET', path: '/-/ready', wants: 'public' },
  { method: 'GET', path: '/login', wants: 'public' },
  { method: 'POST', path: '/login', wants: 'public' },
  { method: 'GET', path: '/login/oidc', wants: 'public' },
  { method: 'GET', path: '/login/oidc/callback', wants: 'public' },
  { method: 'POST', path: '/logout', wants: 'public' },
  { method: 'GET', path: '/assets/:folder/*name', wants: 'public' },
  { method: 'GET', path: '/docs/alerts', wants: 'public' },
  { method: 'GET', path: '/public', wants: 'public' },
  { method: 'GET', path: '/public/*rest', wants: 'public' },
  { method: 'GET', path: '/status/*rest', wants: 'public' },
  { method: 'POST', path: '/public/subscribe', wants: 'public' },
  { method: 'POST', path: '/status/:page/subscribe', wants: 'public' },
  { method: 'POST', path: '/public/subscription', wants: 'own secret' },
  { method: 'POST', path: '/status/:page/subscription', wants: 'own secret' },
  { method: 'ANY', path: '/api/v1/subscribers', wants: 'subscribers' },
  { method: 'ANY', path: '/api/v1/heartbeat/:name', wants: 'own secret' },
  { method: 'ANY', path: '/api/v1/heartbeat/:name/:event', wants: 'own secret' },
  { method: 'ANY', path: '/ping/:token', wants: 'own secret' },
  { method: 'ANY', path: '/ping/:token/:name', wants: 'own secret' },
  { method: 'ANY', path: '/ping/:token/:name/:event', wants: 'own secret' },
  { method: 'ANY', path: '/api/v1/alerts', wants: 'own secret' },
  { method: 'GET', path: '/api/v1/undelivered', wants: 'own secret' },
  { method: 'POST', path: '/api/v1/calls', wants: 'calls', tokenInQuery: true },
  { method: 'POST', path: '/v1/traces', wants: 'calls' },
  { method: 'gRPC', path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export', wants: 'calls' },
  { method: 'POST', path: '/api/v1/peer', wants: 'peer' },
  { method: 'GET', path: '/probe', wants: 'probe' },
  { method: 'ANY', path: '/-/reload', wants: 'reload' },
  { method: 'GET', path: '/api/v1/report', wants: 'report' },
  { method: 'GET', path: '/api/v1/checks', wants: 'report' },
  { method: 'POST', path: '/api/v1/results', wants: 'results' },
  { method: 'POST', path: '/api/v1/marks', wants: 'marks' },
  { method: 'POST', path: '/api/v1/command-runs', wants: 'commands' },
  { method: 'POST', path: '/api/v1/marks/github', wants: 'own secret' },
  { method: 'POST', path: '/api/v1/marks/gitlab', wants: 'own secret' },
  { method: 'POST', path: '/api/v1/silences', wants: 'silence' },
  { method: 'POST', path: '/api/v1/silences/acknowledge', wants: 'silence' },
  { method: 'POST', path: '/api/v1/silences/links', wants: 'silence' },
  { method: 'ANY', path: '/api/v1/silences/:id', wants: 'silence' },
  { method: 'POST', path: '/silences', wants: 'silence' },
  { method: 'ANY', path: '/silences/link', wants: 'own secret' },
  { method: 'POST', path: '/silences/acknowledge', wants: 'silence' },
  { method: 'POST', path: '/silences/:id/end', wants: 'silence' },
  { method: 'GET', path: '/config', wants: 'admin' },
]

/** Whatever the case of the letters is, and with or without a slash at the end: as Express finds routes. */
const patterns = routeScopes.map(({ path }) => {
  const source = path
    .replace(/[.\\+?^$(){}[\]|]/g, '\\$&')
    .replace(/:\w+/g, '[^/]+')
    .replace(/\*\w+/g, '.+')
  return new RegExp(`^${source}/?$`, 'is')
})

/** What a request asks for. @param path Without a query. */
export function routeOf(method: string, path: string): RouteScope {
  const asked = method === 'HEAD' ? 'GET' : method
  const row = routeScopes.find(
    (one, index) => (one.method === asked || one.method === 'ANY') && patterns[index]?.test(path) === true,
  )
  return row ?? { method: 'ANY', path, wants: safeMethods.has(method) ? 'read' : 'admin' }
}

/** The scope that a method of gRPC wants; undefined where it is open. */
export function scopeOfGrpc(path: string): Scope | undefined {
  const wants = routeScopes.find((row) => row.method === 'gRPC' && row.path === path)?.wants
  return wants === 'public' || wants === 'own secret' ? undefined : wants
}
