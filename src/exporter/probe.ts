import { Router, type Request } from 'express'
import type { Config } from '../config/config.ts'
import { ProbityError } from '../lib/errors.ts'
import { expositionType, renderProbe } from '../metrics/render.ts'
import { addressGuard, assertAllowed } from './ad-hoc.ts'
import type { ExporterContext } from './context.ts'
import { parseScrapeTimeout, probeTimeout } from './deadline.ts'
import { renderDebug } from './debug.ts'
import type { Observation } from './shared-probes.ts'

/** `GET /probe?target=NAME-or-URL[&module=M][&debug=true]`: one probe; 200 also when it failed. */
export function probeRoute(context: ExporterContext): Router {
  return Router().get('/probe', async (request, response) => {
    const observation = await observe(request, context)
    if (request.query['debug'] === 'true') response.type('text').send(renderDebug(observation))
    else response.set('Content-Type', expositionType).send(renderProbe(observation))
  })
}

async function observe(request: Request, context: ExporterContext): Promise<Observation> {
  const name = parameter(request, 'target')
  if (name === undefined) throw new ProbityError('TARGET_MISSING', 'no target: ask for /probe?target=NAME')
  const scrapeTimeout = parseScrapeTimeout(request.get('X-Prometheus-Scrape-Timeout-Seconds'))
  const module = parameter(request, 'module')
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

function parameter(request: Request, name: string): string | undefined {
  const value = request.query[name]
  if (value === undefined || value === '') return undefined
  if (typeof value === 'string') return value
  throw new ProbityError(
    'PARAMETER_REPEATED',
    `parameter "${name}" is given more than once: expected one value`,
  )
}
