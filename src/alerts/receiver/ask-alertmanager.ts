import * as z from 'zod'
import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { KnownAlert } from './unreported.ts'

export interface AskAlertmanagerOptions {
  /** Where Alertmanager is found; a path is a prefix. */
  readonly url: URL
  readonly log: Pick<Logger, 'info' | 'warn'>
  /** Milliseconds for an answer. Default 10 s. */
  readonly timeoutMs?: number
}

/** The alert that always fires: without it, Prometheus does not report to this Alertmanager, which knows nothing then. */
const watchdog = 'Watchdog'

const texts = z.record(z.string(), z.string())

/** Source: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml (getAlerts) */
const answerSchema = z.array(
  z
    .object({
      labels: texts,
      annotations: texts.default({}),
      status: z.object({ silencedBy: z.array(z.string()).nullish() }).optional(),
    })
    .transform(({ status, ...alert }): KnownAlert => {
      const silenced = (status?.silencedBy ?? []).length > 0
      return { ...alert, ...(silenced && { silenced }) }
    }),
)

/**
 * Asks Alertmanager which alerts it has. It lists those that are silenced or inhibited too.
 *
 * @returns Undefined if it does not answer, or is not reported to.
 */
export function askAlertmanager({ url, log, timeoutMs = 10_000 }: AskAlertmanagerOptions) {
  const address = `${url.href.replace(/\/+$/, '')}/api/v2/alerts`
  let problem: string | undefined

  /** A problem is logged when it begins and when it is over. */
  function note(found: string | undefined): void {
    if (found !== undefined && found !== problem)
      log.warn({ url: address }, `cannot find out which alerts have ended without a message: ${found}`)
    if (found === undefined && problem !== undefined)
      log.info({ url: address }, 'Alertmanager says again which alerts it has')
    problem = found
  }

  return async (): Promise<readonly KnownAlert[] | undefined> => {
    try {
      const response = await fetch(address, { signal: AbortSignal.timeout(timeoutMs), redirect: 'error' })
      if (!response.ok) {
        await response.body?.cancel()
        throw new Error(`Alertmanager answered ${response.status}`)
      }
      const known = answerSchema.parse(await response.json())
      const isReportedTo = known.some(({ labels }) => labels['alertname'] === watchdog)
      note(isReportedTo ? undefined : `Alertmanager does not have the alert ${watchdog}`)
      return isReportedTo ? known : undefined
    } catch (error) {
      note(messageOf(error))
      return undefined
    }
  }
}
