import { alertmanagerSilences } from '../../alerts/silences/alertmanager.ts'
import { askApi } from '../../alerts/silences/ask.ts'
import { watchAcknowledgements } from '../../alerts/silences/ended-acknowledgements.ts'
import type { SilenceKeeper } from '../../alerts/silences/keeper.ts'
import { forPages } from '../../alerts/silences/patient-keeper.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Clock } from '../../lib/time/clock.ts'
import type { Timers } from '../../lib/time/timers.ts'

export interface OpenSilencesOptions {
  /** Those of this process. Default: it has none. */
  readonly own?: SilenceKeeper | undefined
  readonly alertmanagerUrl?: URL | undefined
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
}

/** The silences that a process shows: its own, or those of its Alertmanager. */
export interface OpenedSilences {
  readonly keeper?: SilenceKeeper
  readonly stop: () => Promise<void>
}

export function openSilences({
  own,
  alertmanagerUrl,
  clock,
  timers,
  log,
}: OpenSilencesOptions): OpenedSilences {
  const nothing = (): Promise<void> => Promise.resolve()
  if (own) return { keeper: own, stop: nothing }
  if (!alertmanagerUrl) return { stop: nothing }
  const keeper = alertmanagerSilences(askApi({ url: alertmanagerUrl }))
  return { keeper: forPages(keeper, clock), stop: watchAcknowledgements({ keeper, timers, log }) }
}
