import { alertRules } from '../../alerts/evaluator/rules/index.ts'
import type { PastCheck } from '../../alerts/replay/past-check.ts'
import { messageOf, ProbityError } from '../../lib/errors.ts'
import type { PastChecks } from './explain.ts'

/** Milliseconds that an answer may take. */
const timeoutMs = 60_000

/** One series, as `/api/v1/query` has it. */
interface Series {
  readonly metric: Readonly<Record<string, string>>
  readonly values?: readonly (readonly [number, string])[]
}

/** What scrapes saw of one target from one location, by the time of the scrape. */
interface Seen {
  readonly target: string
  readonly location: string
  readonly scrapes: Map<number, Scrape>
}

interface Scrape {
  checkedAt?: number
  success?: boolean
  durationSeconds?: number
  reason?: string
  certificateExpiry?: number
  chainExpiry?: number
}

/** The series that checks are read from, and what each says of a scrape. */
const metrics: Readonly<Record<string, (scrape: Scrape, value: number, labels: Series['metric']) => void>> = {
  probe_check_timestamp_seconds: (scrape, value) => (scrape.checkedAt = value),
  probe_success: (scrape, value) => (scrape.success = value === 1),
  probe_duration_seconds: (scrape, value) => (scrape.durationSeconds = value),
  probe_failure_info: (scrape, _value, { reason = 'internal' }) => (scrape.reason = reason),
  probe_ssl_earliest_cert_expiry: (scrape, value) => (scrape.certificateExpiry = value),
  probe_ssl_last_chain_expiry_timestamp_seconds: (scrape, value) => (scrape.chainExpiry = value),
}

/**
 * The checks that a Prometheus has scraped, and which alerts it says fire.
 *
 * @throws ProbityError `PROMETHEUS_UNREACHABLE`, from its functions.
 */
export function prometheusChecks(url: string): PastChecks {
  return {
    rules: alertRules,
    async read({ from, to }, names) {
      const selector = names ? `{target=~${JSON.stringify(names.map(quoted).join('|'))}}` : ''
      const range = `[${Math.ceil(to - from)}s]`
      const all = new Map<string, Seen>()
      for (const [name, note] of Object.entries(metrics)) {
        for (const { metric, values = [] } of await ask(url, `${name}${selector}${range}`, to)) {
          const { target, location = '' } = metric
          if (target === undefined) continue
          const key = JSON.stringify([target, location])
          const seen = all.get(key) ?? { target, location, scrapes: new Map<number, Scrape>() }
          all.set(key, seen)
          for (const [at, value] of values) {
            const scrape = seen.scrapes.get(at) ?? {}
            seen.scrapes.set(at, scrape)
            note(scrape, Number(value), metric)
          }
        }
      }
      return [...all.values()].flatMap(checksOf)
    },
    async says(target, at) {
      const series = await ask(url, `ALERTS{target=${JSON.stringify(target)}}`, at)
      return series.map(({ metric }) => metric)
    },
  }
}

/** A check is served to several scrapes where its interval is long: it is one check. */
function checksOf({ target, location, scrapes }: Seen): PastCheck[] {
  const checks = new Map<number, PastCheck>()
  for (const { checkedAt, success, durationSeconds, reason, ...certificates } of scrapes.values()) {
    if (checkedAt === undefined || success === undefined || durationSeconds === undefined) continue
    checks.set(checkedAt, {
      target,
      location,
      at: checkedAt,
      durationSeconds,
      ...(!success && { failure: { reason: reason ?? 'internal', message: '' } }),
      ...seenIn(certificates),
    })
  }
  return [...checks.values()]
}

function seenIn({ certificateExpiry, chainExpiry }: Scrape): Pick<PastCheck, 'seen'> {
  if (certificateExpiry === undefined) return {}
  const leaf = { subject: '', issuer: '', subjectAlternative: '', serialNumber: '', fingerprintSha256: '' }
  return {
    seen: {
      tls: {
        chain: [{ ...leaf, notBefore: 0, notAfter: certificateExpiry }],
        verified: chainExpiry !== undefined,
        earliestExpiry: certificateExpiry,
        ...(chainExpiry !== undefined && { lastChainExpiry: chainExpiry }),
      },
    },
  }
}

async function ask(url: string, query: string, time: number): Promise<readonly Series[]> {
  try {
    const response = await fetch(`${url.replace(/\/$/, '')}/api/v1/query`, {
      method: 'POST',
      body: new URLSearchParams({ query, time: String(time) }),
      signal: AbortSignal.timeout(timeoutMs),
    })
    const answer = (await response.json()) as { error?: string; data?: { result?: readonly Series[] } }
    if (!response.ok) throw new Error(answer.error ?? `it answered ${response.status}`)
    return answer.data?.result ?? []
  } catch (cause) {
    const reason = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause
    throw new ProbityError(
      'PROMETHEUS_UNREACHABLE',
      `cannot ask Prometheus at ${url}: ${messageOf(reason)}; expected the address that its pages have, such as http://127.0.0.1:9090`,
      { cause },
    )
  }
}

/** A name as a regular expression of Prometheus. */
function quoted(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
