import { alertmanagerSilences } from '../../alerts/silences/alertmanager.ts'
import { askApi } from '../../alerts/silences/ask.ts'
import { watchAcknowledgements } from '../../alerts/silences/ended-acknowledgements.ts'
import type { SilenceKeeper } from '../../alerts/silences/keeper.ts'
import { forPages } from '../../alerts/silences/patient-keeper.ts'
import type { Keeping } from '../../lib/io/keeping.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Clock } from '../../lib/time/clock.ts'
import type { Timers } from '../../lib/time/timers.ts'
import type { LinkedActions } from '../../web/status/silences.ts'
import { openLinks, type OpenedLinks } from './links.ts'

export interface OpenSilencesOptions {
  /** Those of this process. Default: it has none. */
  readonly own?: SilenceKeeper | undefined
  /** What the links of messages lead to. Default: its own links, where Alertmanager keeps the silences. */
  readonly ownLinks?: LinkedActions | undefined
  readonly alertmanagerUrl?: URL | undefined
  /** The folder of the key of links. Default: there are none. */
  readonly storagePath?: string | undefined
  readonly keeping: Keeping
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
}

/** The silences that a process shows: its own, or those of its Alertmanager. */
export interface OpenedSilences {
  readonly keeper?: SilenceKeeper
  readonly links?: LinkedActions
  /** Makes links for who sends messages. Absent where nobody else does. */
  readonly tokensFor?: OpenedLinks['tokensFor']
  readonly stop: () => Promise<void>
}

/** @throws ProbityError `TOKEN_UNREADABLE`, `STATE_UNREADABLE` */
export async function openSilences(options: OpenSilencesOptions): Promise<OpenedSilences> {
  const { own, ownLinks, alertmanagerUrl, storagePath, keeping, clock, timers, log } = options
  const nothing = (): Promise<void> => Promise.resolve()
  if (own) return { keeper: own, ...(ownLinks && { links: ownLinks }), stop: nothing }
  if (!alertmanagerUrl) return { stop: nothing }
  const asked = alertmanagerSilences(askApi({ url: alertmanagerUrl }))
  const keeper = forPages(asked, clock)
  const links =
    storagePath === undefined ? undefined : await openLinks({ keeper, storagePath, keeping, clock, log })
  return {
    keeper,
    ...(links && { links, tokensFor: links.tokensFor }),
    stop: watchAcknowledgements({ keeper: asked, timers, log }),
  }
}
