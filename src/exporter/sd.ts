import { Router, type Request } from 'express'
import { scrapeInterval } from '../config/target/scrape-interval.ts'
import { targetLabels } from '../config/target/labels.ts'
import type { Target } from '../config/target/target.ts'
import { ProbityError } from '../lib/errors.ts'
import type { ExporterContext } from './context.ts'

/** One entry of Prometheus' HTTP service discovery: https://prometheus.io/docs/prometheus/latest/http_sd/ */
interface TargetGroup {
  readonly targets: readonly [string]
  readonly labels: Readonly<Record<string, string>>
}

/** Room for the answer itself, on top of the target's timeout. */
const answerSeconds = 1

/** `GET /sd`: the configured targets, so that prometheus.yml needs no edit and no relabelling when they change. */
export function sdRoute({ config, externalUrl, location }: ExporterContext): Router {
  return Router().get('/sd', (request, response) => {
    const base = externalUrl ?? asked(request)
    response.json(config().targets.map((target) => targetGroup(target, base, location)))
  })
}

/** The host and port that were asked; whatever else a Host header says must not end up in the labels. */
function asked(request: Request): URL {
  const host = request.get('host') ?? 'localhost'
  const url = `${request.protocol}://${host}`
  if (/^(\[[\da-f:.]+\]|[\w.-]+)(:\d+)?$/i.test(host) && URL.canParse(url)) return new URL(url)
  throw new ProbityError('HOST_INVALID', `Host is "${host.slice(0, 200)}": expected a host, or host:port`)
}

function targetGroup(target: Target, base: URL, location: string): TargetGroup {
  const interval = scrapeInterval(target.interval)
  const timeout = Math.min(interval, target.timeout + answerSeconds)
  return {
    targets: [hostAndPort(base)],
    labels: {
      ...targetLabels(target, location),
      __scheme__: base.protocol.slice(0, -1),
      __metrics_path__: `${base.pathname.replace(/\/$/, '')}/probe`,
      __param_target: target.name,
      __scrape_interval__: prometheusDuration(interval),
      __scrape_timeout__: prometheusDuration(timeout),
    },
  }
}

/** Prometheus 2 adds no default port to what it discovers. */
function hostAndPort(base: URL): string {
  return base.port === '' ? `${base.hostname}:${base.protocol === 'https:' ? 443 : 80}` : base.host
}

/** Rounded down to whole milliseconds, the finest that Prometheus reads: a timeout must not exceed its interval. */
function prometheusDuration(seconds: number): string {
  return `${Math.floor(seconds * 1000)}ms`
}
