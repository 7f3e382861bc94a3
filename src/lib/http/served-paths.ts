import { ProbityError } from '../errors.ts'

/** Below which paths a server is found. */
export interface ServedPaths {
  /** What every path begins with, without a slash at its end. Default: nothing, and below the path of the external URL too. */
  readonly routePrefix?: string | undefined
  /** Where metrics are, below the prefix. Default: `/metrics`. */
  readonly telemetryPath?: string | undefined
}

const metricsPath = '/metrics'

/**
 * Reads `/` or `/path/below`.
 *
 * @returns Without a slash at its end.
 * @throws ProbityError `PATH_INVALID`.
 */
export function parseServedPath(text: string): string {
  const segments = text.replace(/\/$/, '').split('/')
  const [first, ...rest] = segments
  if (text !== '' && first === '' && rest.every((segment) => /^(?!\.\.?$)[\w.~-]+$/.test(segment)))
    return segments.join('/')
  throw new ProbityError(
    'PATH_INVALID',
    `"${text}" is not a valid path: expected / and letters, digits, ".", "_", "~" and "-", such as /probity`,
  )
}

/** What becomes of the URL of a request: as the routes know it, or another one to ask for, or nothing. */
export type Served = { readonly url: string } | { readonly redirect: string } | 'nowhere'

/**
 * Takes the prefix off the URL of a request, so that no route has to know it.
 *
 * @param url A path and a query.
 * @param also A path below which everything is too, if there is no prefix.
 */
export function servedAt(
  url: string,
  { routePrefix, telemetryPath = metricsPath }: ServedPaths,
  also = '',
): Served {
  const [path = ''] = url.split('?', 1)
  const prefix = routePrefix ?? also
  const inside = prefix !== '' && path.toLowerCase().startsWith(`${prefix.toLowerCase()}/`)
  if (!inside && prefix !== '') {
    const atRoot = path === '/' && routePrefix !== undefined
    // Relative, because a proxy may serve this below any path.
    if (atRoot) return { redirect: `${prefix.slice(1)}/` }
    if (path.toLowerCase() === prefix.toLowerCase())
      return { redirect: `${prefix.slice(prefix.lastIndexOf('/') + 1)}/` }
    if (routePrefix !== undefined) return 'nowhere'
  }
  const rest = inside ? url.slice(prefix.length) : url
  if (telemetryPath === metricsPath) return { url: rest }
  const below = (rest.split('?', 1)[0] ?? '').replace(/(?<=.)\/$/, '').toLowerCase()
  if (below === telemetryPath.toLowerCase())
    return { url: `${metricsPath}${rest.slice(telemetryPath.length)}` }
  return below === metricsPath ? 'nowhere' : { url: rest }
}
