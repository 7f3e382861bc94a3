import { isAwaited } from '../../checks/heartbeat/result.ts'
import { join } from 'node:path'
import type { IncomingMessage } from 'node:http'
import type { Registry } from 'prom-client'
import { nameOf } from '../../access/caller.ts'
import { visitorOf } from '../../access/visitors.ts'
import { isPrivate } from '../../config/remote/address.ts'
import type { Observation } from '../../exporter/shared-probes.ts'
import { startReporter } from '../../history/relay/reporter.ts'
import type { Sender } from '../../web/api/results.ts'
import { toRow } from '../../history/row.ts'
import { ProbityError } from '../../lib/errors.ts'
import type { Keeping } from '../../lib/io/keeping.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Clock } from '../../lib/time/clock.ts'
import type { Timers } from '../../lib/time/timers.ts'
import { covers } from '../../tokens/scopes.ts'
import { missingToken, otherScope } from '../../tokens/running-tokens.ts'

/** Another Probity that is to show the checks of this one. */
export interface ReportTo {
  readonly url: URL
  /** Read before each request. @throws Why there is none. */
  readonly token: () => Promise<string>
}

/** The environment variable that can hold the token. */
export const reportTokenVariable = 'PROBITY_REPORT_TO_TOKEN'

/**
 * Reads the URL of another Probity.
 *
 * @throws ProbityError `REPORT_TO_INVALID`.
 */
export function parseReportUrl(text: string): URL {
  const invalid = (words: string): ProbityError => new ProbityError('REPORT_TO_INVALID', words)
  if (!URL.canParse(text)) throw invalid('is not a URL: expected one such as https://probity.example.com')
  const url = new URL(text)
  if (url.username !== '' || url.password !== '')
    throw invalid(`contains credentials: use --report-to.token-file or ${reportTokenVariable} instead`)
  if (url.search !== '' || url.hash !== '')
    throw invalid('has a query or a fragment: expected the address of the status page')
  if (!isPrivate(url))
    throw invalid(
      'is not private: expected https:// (http:// only to this machine, such as http://127.0.0.1:9740)',
    )
  return url
}

export interface ReportingOptions {
  /** Default: nobody is reported to. */
  readonly reportTo?: ReportTo
  readonly storagePath?: string
}

export interface ReportingDependencies {
  readonly location: string
  readonly registry: Registry
  readonly keeping: Keeping
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
}

/** Reports the results of probes to another Probity. */
export interface Reporting {
  readonly observe: (observation: Observation) => void
  readonly stop: () => Promise<void>
}

/** What does nothing. */
const nobody: Reporting = { observe: () => undefined, stop: () => Promise.resolve() }

/**
 * Starts to report, where somebody is to be reported to.
 *
 * @throws ProbityError `FOLDER_LOCKED`, or whatever the file system said.
 */
export async function startReporting(
  options: ReportingOptions,
  dependencies: ReportingDependencies,
): Promise<Reporting> {
  const { reportTo, storagePath = './data' } = options
  if (!reportTo) return nobody
  const { location, keeping } = dependencies
  const folder = join(storagePath, 'report-to')
  const reporter = await startReporter(
    { ...reportTo, folder },
    { ...dependencies, report: keeping.file('report-to') },
  )
  return {
    observe({ target, result }) {
      // As in a history: until its first call, a job is neither up nor down.
      if (!isAwaited(result)) reporter.add(toRow(target, location, result))
    },
    stop: reporter.stop,
  }
}

/**
 * Who reports checks. They have to be known also where nothing else is closed, and by a token: its name is the location.
 */
export function senderOf(request: IncomingMessage): Sender {
  const { caller, wrong } = visitorOf(request)
  if (!caller) {
    const { words } = wrong ?? missingToken('results')
    return { status: 401, words }
  }
  if (!covers(caller.scopes, 'results')) {
    const { words } = otherScope(nameOf(caller), 'results')
    return { status: 403, words }
  }
  if (caller.how !== 'token')
    return {
      status: 400,
      words:
        'checks are reported with a token, because its name is the location: create one with the scope results',
    }
  return { name: caller.name }
}
