import type { IncomingMessage } from 'node:http'
import { parse, type ParsedUrlQuery } from 'node:querystring'
import { gzipSync } from 'node:zlib'
import type { Config } from '../config/config.ts'
import type { Target } from '../config/target/target.ts'
import { ProbityError } from '../lib/errors.ts'
import { acceptsGzip } from '../lib/http/accept.ts'
import { formatFor, metricsTypes } from '../metrics/format.ts'
import { openMetrics } from '../metrics/open-metrics.ts'
import { renderProbe } from '../metrics/render.ts'
import { scrapeTimeoutHeader } from '../metrics/route.ts'
import { assertAllowed } from './ad-hoc.ts'
import { addressGuard } from './address-guard.ts'
import type { ExporterContext } from './context.ts'
import { parseScrapeTimeout, probeTimeout } from './deadline.ts'
import { renderDebug } from './debug.ts'
import type { Observation, ProbeRequest } from './shared-probes.ts'

/** An answer of `/probe`, whose status is 200. */
export interface ProbeAnswer {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

/** Characters below which compression does not save a packet. */
const leastCompressed = 1000

/** The fastest, with memory for a text of a few thousand characters: an answer is compressed in less time than another thread would take to begin. */
const compression = { level: 1, windowBits: 13, memLevel: 6 }

/**
 * `GET /probe?target=NAME-or-URL[&module=M][&debug=true]`: one probe; it is an answer also when it failed.
 *
 * @throws ProbityError for what the asker did wrong.
 */
export async function answerProbe(request: IncomingMessage, context: ExporterContext): Promise<ProbeAnswer> {
  const query = queryOf(request)
  const observation = await observe(request, query, context)
  if (query['debug'] === 'true')
    return { headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: renderDebug(observation) }
  const format = formatFor(request.headers.accept)
  const rendered = renderProbe(observation)
  const text = format === 'text' ? rendered : [...openMetrics([rendered])].join('')
  const headers = { 'Content-Type': metricsTypes[format], Vary: 'Accept, Accept-Encoding' }
  return text.length < leastCompressed || !acceptsGzip(request.headers['accept-encoding'])
    ? { headers, body: text }
    : { headers: { ...headers, 'Content-Encoding': 'gzip' }, body: gzipSync(text, compression) }
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
    if (target.paused)
      throw new ProbityError(
        'TARGET_PAUSED',
        `target ${JSON.stringify(name)} is paused, and is not probed: it has enabled: false in the configuration`,
      )
    return context.probes.probe({ target, ...limits(target, scrapeTimeout) })
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
  const allowAddress = addressGuard(config.probe.allowNetworks)
  return adHocProbes.probe({ target, ...limits(target, scrapeTimeout), allowAddress })
}

/** How long a check may take, and how long a scrape waits where it is made again. */
function limits(
  { timeout }: Target,
  scrapeTimeout: number | undefined,
): Pick<ProbeRequest, 'timeoutSeconds' | 'patienceSeconds'> {
  return {
    timeoutSeconds: probeTimeout(timeout, scrapeTimeout),
    patienceSeconds: scrapeTimeout && probeTimeout(Infinity, scrapeTimeout),
  }
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
