import type { ListenAddress } from '../../lib/http/listen.ts'

/** Addresses under which nobody but this machine itself is meant, or every one of it. */
const local = new Set(['', '0.0.0.0', '::', '127.0.0.1', '::1'])

/**
 * The environment with `PROBITY_SELF`, so that the first target of the shipped configuration, which is Probity itself, is up
 * wherever it listens. Somebody who has set it knows better, for example where TLS is used.
 */
export function withOwnAddress(
  env: NodeJS.ProcessEnv,
  {
    listenAddress: { host, port, fd },
    routePrefix = '',
  }: { listenAddress: ListenAddress; routePrefix?: string | undefined },
): NodeJS.ProcessEnv {
  // Which port is free, or what systemd listens on, is not known before the configuration is read.
  if (port === 0 || fd !== undefined) return env
  const bracketed = host.includes(':') ? `[${host}]` : host
  return { PROBITY_SELF: `http://${local.has(host) ? 'localhost' : bracketed}:${port}${routePrefix}`, ...env }
}
