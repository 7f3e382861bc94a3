import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Config } from '../config/config.ts'
import { targetLabels } from '../config/target/labels.ts'
import { scrapeInterval } from '../config/target/scrape-interval.ts'
import type { Target } from '../config/target/target.ts'
import { textInSlices } from '../lib/time/text-in-slices.ts'

/** One entry of Prometheus' HTTP service discovery: https://prometheus.io/docs/prometheus/latest/http_sd/ */
interface TargetGroup {
  readonly targets: readonly [string]
  readonly labels: Readonly<Record<string, string>>
}

/** Room for the answer itself, on top of what the check takes. */
const answerSeconds = 1

/** What /sd answers for one configuration to those who reach the exporter by the same URL. */
export interface SdAnswer {
  readonly plain: () => Promise<Buffer>
  readonly gzipped: () => Promise<Buffer>
}

/**
 * Makes an answer: once, when it is first asked for, and compressed once, in another thread.
 *
 * @param base The URL under which the exporter is reached.
 * @param now Milliseconds of a monotonic clock.
 */
export function sdAnswer(
  { targets }: Pick<Config, 'targets'>,
  base: URL,
  location: string,
  now?: () => number,
): SdAnswer {
  let plain: Promise<Buffer> | undefined
  let gzipped: Promise<Buffer> | undefined
  const makePlain = (): Promise<Buffer> => (plain ??= textInSlices(groups(targets, base, location), now))
  return {
    plain: makePlain,
    gzipped: () => (gzipped ??= makePlain().then((text) => promisify(gzip)(text))),
  }
}

function* groups(targets: readonly Target[], base: URL, location: string): Generator<string> {
  const common = {
    __scheme__: base.protocol.slice(0, -1),
    __metrics_path__: `${base.pathname.replace(/\/$/, '')}/probe`,
  }
  const address = hostAndPort(base)
  let separator = '['
  for (const target of targets) {
    const interval = scrapeInterval(target.interval)
    const timeout = Math.min(interval, longestCheck(target) + answerSeconds)
    const group: TargetGroup = {
      targets: [address],
      labels: {
        ...targetLabels(target, location),
        ...(target.job !== undefined && { job: target.job }),
        ...common,
        __param_target: target.name,
        __scrape_interval__: prometheusDuration(interval),
        __scrape_timeout__: prometheusDuration(timeout),
      },
    }
    yield separator + JSON.stringify(group)
    separator = ','
  }
  yield separator === '[' ? '[]' : ']'
}

/** Seconds that it takes until a check counts: one that fails may have to be made again. */
function longestCheck({ timeout, retry }: Target): number {
  return retry === undefined ? timeout : timeout + retry + timeout
}

/** Prometheus 2 adds no default port to what it discovers. */
function hostAndPort(base: URL): string {
  return base.port === '' ? `${base.hostname}:${base.protocol === 'https:' ? 443 : 80}` : base.host
}

/** Rounded down to whole milliseconds, the finest that Prometheus reads: a timeout must not exceed its interval. */
function prometheusDuration(seconds: number): string {
  return `${Math.floor(seconds * 1000)}ms`
}
