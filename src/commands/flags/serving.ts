import { parseServedPath, type ServedPaths } from '../../lib/http/served-paths.ts'
import type { ListenAddress } from '../../lib/http/listen.ts'
import { systemdSocket } from '../../lib/http/systemd-socket.ts'
import { argument, flag } from './flags.ts'

/** `--web.route-prefix`. */
export const routePrefixFlag = () =>
  flag('--web.route-prefix <path>', 'path below which everything is served, and nowhere else')
    .argParser(argument(parseServedPath))
    .default(undefined, 'none')

/** `--web.telemetry-path`. */
export const telemetryPathFlag = () =>
  flag('--web.telemetry-path <path>', 'path of the metrics of Probity itself')
    .argParser(argument((text) => parseServedPath(text === '/' ? '' : text)))
    .default('/metrics')

/** `--web.systemd-socket`. */
export const systemdSocketFlag = () =>
  flag(
    '--web.systemd-socket',
    'listen on the socket that systemd passes, not on --web.listen-address',
  ).default(false, 'off')

interface ServingFlags {
  readonly 'web.listenAddress': ListenAddress
  readonly 'web.routePrefix'?: string | undefined
  readonly 'web.telemetryPath': string
  readonly 'web.systemdSocket': boolean
}

/**
 * Where a server is found.
 *
 * @throws ProbityError when systemd has not passed a socket.
 */
export function servingPlaces(
  flags: ServingFlags,
  env: NodeJS.ProcessEnv,
): ServedPaths & { readonly listenAddress: ListenAddress } {
  return {
    listenAddress: flags['web.systemdSocket'] ? systemdSocket(env) : flags['web.listenAddress'],
    routePrefix: flags['web.routePrefix'],
    telemetryPath: flags['web.telemetryPath'],
  }
}
