import { randomUUID } from 'node:crypto'
import { mostOutput, type CommandRun } from '../../lib/command-run/run.ts'
import type { CommandOutcome } from '../../lib/io/run-command.ts'
import { redact } from '../../lib/text/redact.ts'
import { cut, oneLine, plainText } from '../../lib/text/text.ts'
import type { Notification } from '../channel.ts'

/** Lines of the output that are kept: the last ones. */
const mostLines = 10
const maxFailure = 300
const maxName = 500

export interface RunMade {
  readonly channel: string
  readonly notification: Notification
  readonly outcome: CommandOutcome
  readonly startedAt: Date
  /** Whether the command is there to repair. */
  readonly repairs: boolean
  readonly secrets: readonly string[]
}

/** What is kept of a run: without secrets, and bounded. */
export function commandRunOf(made: RunMade): CommandRun {
  const { channel, notification, outcome, startedAt, repairs, secrets } = made
  const { target, alertname, fingerprint, labels, status, alertCount = 1, reason = '' } = notification
  const { failure, exitCode, durationSeconds } = outcome
  const shown = (text: string, max: number): string => cut(oneLine(redact(text, secrets)), max)
  return {
    id: randomUUID(),
    channel: cut(channel, maxName),
    alertname: cut(alertname, maxName),
    target: cut(target, maxName),
    location: cut(labels.location ?? '', maxName),
    vendor: cut(labels.vendor ?? '', maxName),
    fingerprint: cut(fingerprint, maxName),
    alertStartedAt: notification.startsAt.toISOString(),
    occasion: status === 'resolved' ? 'end' : alertCount > 1 ? 'repeat' : 'beginning',
    repairs,
    aboutFailure: reason !== '',
    startedAt: startedAt.toISOString(),
    durationSeconds,
    outcome: failure?.kind ?? 'succeeded',
    ...(exitCode !== undefined && { exitCode }),
    ...(failure && { failure: shown(failure.message, maxFailure) }),
    output: lastLines(redact(plainText(outcome.output), secrets)),
  }
}

function lastLines(text: string): string {
  const lines = text.trimEnd().split('\n').slice(-mostLines).join('\n')
  return lines.length <= mostOutput ? lines : `…${lines.slice(1 - mostOutput)}`.toWellFormed()
}
