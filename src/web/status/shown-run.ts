import type { JudgedRun } from '../../lib/command-run/verdict.ts'
import { redact } from '../../lib/text/redact.ts'
import { plainText } from '../../lib/text/text.ts'

/** A run of a command, as it is shown next to an incident or a target. */
export type ShownRun = Omit<
  JudgedRun,
  'id' | 'target' | 'location' | 'vendor' | 'fingerprint' | 'aboutFailure'
>

/** What may have commands that ran for it. */
export interface WithCommands {
  /** The newest first. Absent: none is known. */
  readonly commands?: readonly ShownRun[]
}

/** What anybody who sees a page may see of a run. @param secrets Of its target. */
export function shownRun(run: JudgedRun, secrets: readonly string[]): ShownRun {
  const { channel, alertname, alertStartedAt, occasion, repairs, startedAt, durationSeconds } = run
  const { outcome, exitCode, failure, output, verdict, checksAfter } = run
  const words = (text: string): string => plainText(redact(text, secrets))
  return {
    channel: words(channel),
    alertname,
    alertStartedAt,
    occasion,
    repairs,
    startedAt,
    durationSeconds,
    outcome,
    ...(exitCode !== undefined && { exitCode }),
    ...(failure !== undefined && { failure: words(failure) }),
    output: words(output),
    verdict,
    checksAfter,
  }
}
