import type { IncomingMessage } from 'node:http'
import { parse, type ParsedUrlQuery } from 'node:querystring'
import type { Config } from '../config/config.ts'
import { ProbityError } from '../lib/errors.ts'
import { expositionType, renderProbe } from '../metrics/render.ts'
import { scrapeTimeoutHeader } from '../metrics/route.ts'
import { addressGuard, assertAllowed } from './ad-hoc.ts'
import type { ExporterContext } from './context.ts'
import { parseScrapeTimeout, probeTimeout } from './deadline.ts'
import { renderDebug } from './debug.ts'
import type { Observation } from './shared-probes.ts'

/** An answer of `/probe`. */
export interface ProbeAnswer {
  readonly type: string
  readonly text: string
}

/**
 * `GET /probe?target=NAME-or-URL[&module=M][&debug=true]`: one probe; it is an answer also when it failed.
 *
 * @throws ProbityError for what the asker did wrong.
 */
export async function answerProbe(request: IncomingMessage, context: ExporterContext): Promise<ProbeAnswer> {
  const query = queryOf(request)
  const observation = await observe(request, query, context)
  return query['debug'] === 'true'
    ? { type: 'text/plain; charset=utf-8', text: renderDebug(observation) }
    : { type: expositionType, text: renderProbe(observation) }
}

function queryOf({ url = '' }: IncomingMessage): ParsedUrlQuery {
  const at = url.indexOf('?')
  return parse(at < 0 ? '' : url.slice(at + 1))
}

async function observe(
  { headers }: IncomingMessage,
  query: ParsedUrlQuery,
  context: ExporterContext,
): Promise<Observation> {
  const name = parameter(query, 'target')
  if (name === undefined) throw new ProbityError('TARGET_MISSING', 'no target: ask for /probe?target=NAME')
  const scrapeTimeout = parseScrapeTimeout(headers[scrapeTimeoutHeader]?.toString())
  const module = parameter(query, 'module')
  const config = context.config()
  const target = config.target(name)
  if (target && module === undefined) {
    return context.probes.probe({ target, timeoutSeconds: probeTimeout(target.timeout, scrapeTimeout) })
  }
  return observeAdHoc(name, module, config, scrapeTimeout, context)
}

async function observeAdHoc(
  url: string,
  module: string | undefined,
  config: Config,
  scrapeTimeout: number | undefined,
  { adHocProbes }: ExporterContext,
): Promise<Observation> {
  assertAllowed(url, module, config)
  const target = config.adHoc(url, module)
  const timeoutSeconds = probeTimeout(target.timeout, scrapeTimeout)
  return adHocProbes.probe({ target, timeoutSeconds, allowAddress: addressGuard(config.probe.allowNetworks) })
}

function parameter(query: ParsedUrlQuery, name: string): string | undefined {
  const value = query[name]
  if (value === undefined || value === '') return undefined
  if (typeof value === 'string') return value
  throw new ProbityError(
    'PARAMETER_REPEATED',
    `parameter "${name}" is given more than once: expected one value`,
  )
}
