import type { CommandLine, CommandOutcome } from '../../lib/io/run-command.ts'
import { redact } from '../../lib/text/redact.ts'
import { plainText } from '../../lib/text/text.ts'
import type { Notification } from '../channel.ts'

/** Why a command was not run. `when` is of tests only: that it does not apply is not worth reporting otherwise. */
export type SkipReason = 'cooldown' | 'max_runs' | 'only_if' | 'when'

/** One line of the audit log: a command that was run, or was not. docs/notify.md describes the fields. */
export interface CommandAuditEntry {
  readonly time: string
  readonly channel: string
  readonly action: 'run' | 'skip' | 'dry_run'
  readonly why?: SkipReason
  readonly status: string
  readonly alertname: string
  readonly target: string
  readonly fingerprint: string
  readonly test?: boolean
  /** As it is configured. */
  readonly command: CommandLine
  readonly exit_code?: number
  readonly failure?: string
  readonly duration_seconds?: number
  readonly output?: string
  readonly output_bytes?: number
}

/** Resolves once the entry is kept. */
export type CommandAudit = (entry: CommandAuditEntry) => Promise<void>

export interface AuditedCommand {
  readonly channel: string
  readonly time: Date
  readonly command: CommandLine
  readonly notification: Notification
  readonly action: CommandAuditEntry['action']
  readonly why?: SkipReason | undefined
  readonly outcome?: CommandOutcome | undefined
  readonly secrets: readonly string[]
}

export function auditEntry({
  channel,
  time,
  command,
  notification,
  action,
  why,
  outcome,
  secrets,
}: AuditedCommand): CommandAuditEntry {
  const { status, alertname, target, fingerprint, test } = notification
  const shown = (text: string): string => redact(text, secrets)
  return {
    time: time.toISOString(),
    channel,
    action,
    ...(why && { why }),
    status,
    alertname,
    target,
    fingerprint,
    ...(test && { test }),
    command: typeof command === 'string' ? shown(command) : command.map(shown),
    ...(outcome?.exitCode !== undefined && { exit_code: outcome.exitCode }),
    ...(outcome?.failure && { failure: outcome.failure.message }),
    ...(outcome && {
      duration_seconds: outcome.durationSeconds,
      output: shown(plainText(outcome.output)),
      output_bytes: outcome.outputBytes,
    }),
  }
}
