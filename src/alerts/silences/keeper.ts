import type { Alert } from '../alert.ts'
import type { NewSilence } from './request.ts'
import type { Silence } from './silence.ts'

/** An alert that fires, and what mutes it now. */
export interface FiringAlert extends Alert {
  readonly silencedBy: readonly string[]
}

/** Where silences are kept: in this process, or in Alertmanager. */
export interface SilenceKeeper {
  /** Those that are in force or will be. @throws ProbityError `ALERTMANAGER_UNREACHABLE` */
  readonly list: () => Promise<readonly Silence[]>
  /** The alerts that fire. @throws ProbityError `ALERTMANAGER_UNREACHABLE` */
  readonly firing: () => Promise<readonly FiringAlert[]>
  /**
   * Puts silences in force, all of them or none.
   *
   * @throws ProbityError `SILENCES_TOO_MANY`, `STATE_UNWRITABLE`, `ALERTMANAGER_UNREACHABLE`, `ALERTMANAGER_REFUSED`
   */
  readonly add: (silences: readonly NewSilence[]) => Promise<readonly Silence[]>
  /** Ends one. @returns Undefined where none has this id. @throws ProbityError As above. */
  readonly end: (id: string) => Promise<Silence | undefined>
}
