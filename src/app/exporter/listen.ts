import type { RequestListener } from 'node:http'
import type { Closing } from '../../lib/io/closing.ts'
import { listenHttp } from '../../lib/http/listen.ts'
import type { Logger } from '../../lib/logger.ts'
import type { ServerAccess } from '../access.ts'
import { announceReport } from '../report/announce.ts'
import type { ExporterOptions } from '../start-options.ts'

/** So that a graceful stop loses none. */
const longestProbeMs = 120_000

interface ListenDependencies {
  readonly access: Pick<ServerAccess, 'tls' | 'reportToken'>
  readonly closing: Closing
  readonly log: Logger
}

/** Answers requests from now on. @returns The URL of the server, and says it to commands of this machine. */
export async function listenExporter(
  handler: RequestListener,
  { listenAddress, drainMs = longestProbeMs, routePrefix = '', history }: ExporterOptions,
  { access, closing, log }: ListenDependencies,
): Promise<string> {
  const server = await listenHttp(handler, listenAddress, drainMs, undefined, access.tls)
  closing.push(() => server.stop())
  const url = server.url + routePrefix
  closing.push(await announceReport(history, { url, token: access.reportToken }, log))
  return url
}
