import type { Logger } from '../../../lib/logger.ts'
import type { Clock } from '../../../lib/time/clock.ts'
import type { Timers } from '../../../lib/time/timers.ts'
import { writeToFolder } from './folder.ts'
import type { MakeMail } from './make-mail.ts'
import { startReports, type ReportSenderOptions } from './sender.ts'

/**
 * Sends the reports of notify.yml, in solo and in the notifier alike.
 *
 * @returns Ends it.
 */
export function startReportsOf(
  reporting: Pick<ReportSenderOptions, 'reports' | 'openChannel' | 'book' | 'mayHead'>,
  makeMail: MakeMail,
  given: {
    readonly externalUrl: URL | undefined
    readonly env: NodeJS.ProcessEnv
    readonly clock: Clock
    readonly timers: Timers
    readonly log: Logger
  },
): () => Promise<void> {
  const { env, log } = given
  return startReports({
    ...reporting,
    ...given,
    makeMail,
    write: (message, folder) => writeToFolder(message, folder, { env, log }),
    random: Math.random,
  }).stop
}
