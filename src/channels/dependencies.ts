import type { CommandRun } from '../lib/command-run/run.ts'
import type { Clock } from '../lib/time/clock.ts'
import type { CommandAudit } from './command/audit.ts'
import type { CommandStore } from './command/guard.ts'

/** What the commands that wire Probity give to every channel. */
export interface ChannelDependencies {
  /** The channel's name in notify.yml. */
  readonly name: string
  readonly clock: Clock
  /** Milliseconds that one attempt may take. Default 10,000. Command channels have their own `timeout`. */
  readonly timeoutMs?: number
  /** What the programs that a command channel runs find in their environment. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** What `${...}` expanded to in the settings of this channel: never shown. */
  readonly secrets?: readonly string[]
  /** What must outlive the process: when commands ran, and threads of Slack. */
  readonly store: CommandStore
  /** Takes one entry for every run of a command, and for every run that was not made. */
  readonly audit: CommandAudit
  /** Takes every run of a command that was made for an alert. Never waits, never throws. Default: nobody does. */
  readonly ran?: (run: CommandRun) => void
}

/** Milliseconds that one attempt may take where nobody says otherwise. */
export const defaultTimeoutMs = 10_000
