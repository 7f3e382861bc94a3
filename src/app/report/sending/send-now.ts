import { forEachRecipient, keyOf, type Destination } from '../../../alerts/delivery/destination.ts'
import type { NotifyConfig } from '../../../config/notify/notify.ts'
import { namedPeriod } from '../../../history/report/period.ts'
import { messageOf as why, ProbityError } from '../../../lib/errors.ts'
import type { Logger } from '../../../lib/logger.ts'
import type { Clock } from '../../../lib/time/clock.ts'
import { didYouMean } from '../../../settings/values/closest.ts'
import { openChannel } from '../../channels.ts'
import { noStore } from '../../notify/test.ts'
import { writeToFolder } from './folder.ts'
import type { MakeMail } from './make-mail.ts'
import { messageOf } from './message.ts'
import { lastDue } from './times.ts'

/** Where a report was sent to. */
export interface SentTo {
  /** A channel, a recipient of it, or a folder. */
  readonly to: string
  /** Why it did not arrive; absent where it did. */
  readonly failure?: string
}

export interface SendNowOptions {
  readonly config: NotifyConfig
  /** The name of the report. */
  readonly name: string
  /** Such as `2026-W44`. Default: the newest that was due. */
  readonly period: string | undefined
  readonly makeMail: MakeMail
  readonly externalUrl: URL | undefined
}

/**
 * Sends a report once, an attempt for each destination. What is sent by itself is sent all the same.
 *
 * @throws ProbityError `REPORT_UNKNOWN`, `PERIOD_INVALID`, or as `makeMail`.
 */
export async function sendNow(
  { config, name, period: wanted, makeMail, externalUrl }: SendNowOptions,
  { clock, env, log }: { readonly clock: Clock; readonly env: NodeJS.ProcessEnv; readonly log: Logger },
): Promise<{ readonly period: string; readonly sent: readonly SentTo[] }> {
  const { reports = [], channels, leftOut } = config
  const report = reports.find((one) => one.name === name)
  if (!report) {
    const names = reports.map((one) => one.name)
    const known = names.length === 0 ? 'notify.yml has none' : `there are ${names.join(', ')}`
    throw new ProbityError(
      'REPORT_UNKNOWN',
      `there is no report ${JSON.stringify(name)}${didYouMean(name, names)}: ${known}`,
    )
  }
  const period =
    wanted === undefined ? lastDue(report, clock.now())?.period : namedPeriod(wanted, report.timezone)
  if (!period)
    throw new ProbityError('PERIOD_INVALID', `no period of ${name} has ended yet: name one with --period`)
  const { signal } = new AbortController()
  const message = messageOf(report, period, await makeMail(report, period, signal), externalUrl)

  async function attempt(to: string, run: () => Promise<void>): Promise<SentTo> {
    try {
      await run()
      return { to }
    } catch (error) {
      return { to, failure: why(error) }
    }
  }

  const toChannels = report.channels.flatMap((channel) => {
    const definition = channels.find((one) => one.name === channel)
    if (!definition) {
      const reason = leftOut.find((one) => one.name === channel)?.reason ?? 'it is not in notify.yml'
      return [Promise.resolve({ to: channel, failure: `left out: ${reason}` })]
    }
    const open = openChannel(definition, {
      clock,
      env,
      store: noStore,
      audit: () => Promise.resolve(),
    }).channel
    return forEachRecipient<Destination>({ channel }, open.recipients).map((one) =>
      attempt(keyOf(one), async () => open.sendReport?.(message, signal, one.recipient)),
    )
  })
  const { folder } = report
  const toFolder =
    folder === undefined ? [] : [attempt(folder, () => writeToFolder(message, folder, { env, log }))]
  return { period: period.name, sent: await Promise.all([...toChannels, ...toFolder]) }
}
