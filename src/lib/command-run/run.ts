import { z } from 'zod'

/** What a command was run for: the first notification of an alert, a later one, or its end. */
const occasions = ['beginning', 'repeat', 'end'] as const

/** `exit`: with another code than 0. `not_started`: there was no such program, for example. `aborted`: Probity itself ended. */
const outcomes = ['succeeded', 'exit', 'signal', 'timeout', 'not_started', 'aborted'] as const

/** Characters of the output that are kept: its end. */
export const mostOutput = 1000

const name = z.string().max(1000)

/** One run of a channel of type `command`, as it is reported and stored. */
export const commandRun = z.object({
  /** Tells it apart, so that a report that is sent twice counts once. */
  id: z.uuid(),
  channel: name.min(1),
  alertname: name,
  /** Empty: the alert is not about a target. */
  target: name,
  /** Where the alert was seen from; empty where it does not say. */
  location: name,
  /** Of the target; empty where it has none. */
  vendor: name,
  fingerprint: name,
  alertStartedAt: z.iso.datetime(),
  occasion: z.enum(occasions),
  /** Whether the command is there to repair: it has guard rails. */
  repairs: z.boolean(),
  /** Whether the alert is about checks that fail: only then do the next checks say whether it helped. */
  aboutFailure: z.boolean(),
  startedAt: z.iso.datetime(),
  durationSeconds: z.number().nonnegative().max(86_400),
  outcome: z.enum(outcomes),
  /** Absent where it did not end by itself. */
  exitCode: z.int().min(0).max(255).optional(),
  /** What went wrong, on one line: `was killed by SIGKILL`. Absent where it succeeded. */
  failure: name.optional(),
  /** The last lines of what it printed, without secrets. */
  output: z.string().max(mostOutput),
})

export type CommandRun = z.infer<typeof commandRun>

/** Whether the next checks judge it: a repair, made while an alert about failing checks fired. */
export function isJudged({ repairs, aboutFailure, occasion, target }: CommandRun): boolean {
  return repairs && aboutFailure && occasion !== 'end' && target !== ''
}

/** When it ended, in unix milliseconds. */
export function endOf({ startedAt, durationSeconds }: CommandRun): number {
  return Date.parse(startedAt) + durationSeconds * 1000
}
