import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { Router } from 'express'
import type { Registry } from 'prom-client'
import { acceptsGzip } from '../lib/http/accept.ts'
import { systemClock, type Clock } from '../lib/time/clock.ts'
import { textInSlices } from '../lib/time/text-in-slices.ts'
import { formatFor, metricsTypes, type MetricsRequest } from './format.ts'
import { openMetrics } from './open-metrics.ts'

/** Prometheus sends it with every scrape. */
export const scrapeTimeoutHeader = 'x-prometheus-scrape-timeout-seconds'

export interface MetricsRouteOptions {
  readonly registry: Registry
  /** What else /metrics says, in Prometheus' text format: in pieces of whole lines, none of which takes long to make. */
  readonly moreMetrics?: (request: MetricsRequest) => Iterable<string>
  /** Default: the machine's. */
  readonly clock?: Pick<Clock, 'monotonic'>
}

/** An answer that is being made. */
interface Running {
  readonly plain: Promise<Buffer>
  /** Compressed in another thread, once somebody wants it so. */
  gzipped?: Promise<Buffer>
}

/**
 * `GET /metrics`: Probity itself. Requests that come while an answer is being made share it, so that somebody who asks a
 * thousand times at once costs no more than one scrape. However long the answer, everything else has its turn meanwhile.
 */
export function metricsRoute({
  registry,
  moreMetrics = () => [],
  clock = systemClock,
}: MetricsRouteOptions): Router {
  const running = new Map<string, Running>()

  async function render(request: MetricsRequest): Promise<Buffer> {
    const pieces = inOrder(await registry.metrics(), moreMetrics(request))
    const written = request.format === 'openMetrics' ? openMetrics(pieces) : pieces
    return textInSlices(written, clock.monotonic)
  }

  function answer(request: MetricsRequest): Running {
    const key = `${request.format} ${request.scrape}`
    const known = running.get(key)
    if (known) return known
    const made: Running = { plain: render(request).finally(() => running.delete(key)) }
    running.set(key, made)
    return made
  }

  return Router().get('/metrics', async ({ headers }, response) => {
    const format = formatFor(headers.accept)
    const made = answer({ scrape: headers[scrapeTimeoutHeader] !== undefined, format })
    response.vary('Accept, Accept-Encoding').set('Content-Type', metricsTypes[format])
    if (!acceptsGzip(headers['accept-encoding'])) {
      response.send(await made.plain)
      return
    }
    const gzipped = await (made.gzipped ??= made.plain.then((text) => promisify(gzip)(text)))
    response.set('Content-Encoding', 'gzip').send(gzipped)
  })
}

function* inOrder(first: string, more: Iterable<string>): Generator<string> {
  yield first
  yield* more
}
