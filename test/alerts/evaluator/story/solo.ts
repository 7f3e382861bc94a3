import type { Alert } from '../../../../src/alerts/alert.ts'
import { Evaluator } from '../../../../src/alerts/evaluator/evaluator.ts'
import type { ProbeResult } from '../../../../src/checks/result.ts'
import { evaluation, runs, scrapesOf, type Calls, type Outcome, type Story } from './story.ts'

/** What solo says at one evaluation. */
export interface Moment {
  readonly at: number
  /** The alerts that fire, by their labels. */
  readonly firing: ReadonlyMap<string, Alert>
}

/** The same for the same labels. */
export function keyOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Plays a story to the evaluator, as the scheduler, the collector and the reloads of solo would. Nothing while it is paused. */
export function playSolo(story: Story): Moment[] {
  const moments: Moment[] = []
  const checks = story.subjects
    .flatMap((subject) => scrapesOf(subject, story))
    .flatMap((scrape) => (scrape.checked && scrape.shown ? [{ ...scrape, shown: scrape.shown }] : []))
    .sort((a, b) => a.at - b.at)
  const calls = story.subjects
    .flatMap(({ name, calls }) => calls.map((one) => ({ ...one, name })))
    .sort((a, b) => a.at - b.at)
  const edits = [...new Set(story.subjects.flatMap(({ edits }) => edits.map(({ at }) => at)))]
  let evaluator = new Evaluator({ location: 'here' })
  let [nextCheck, nextCall, jumped] = [0, 0, 0]
  const configure = (at: number): void => {
    const current = story.subjects.flatMap(({ edits }) => edits.findLast((edit) => edit.at <= at) ?? [])
    evaluator.setTargets(
      {
        targets: current.flatMap(({ target }) => target ?? []),
        callTargets: current.flatMap(({ callTarget }) => callTarget ?? []),
      },
      at + jumped,
    )
  }
  for (let at = 0; at < story.length; at += evaluation) {
    const over = story.pauses.find(({ until }) => until === at)
    // What outlives the process has been JSON.
    if (over?.restart)
      evaluator = new Evaluator({
        location: 'here',
        state: JSON.parse(JSON.stringify(evaluator.state())) as object,
      })
    for (let call = calls[nextCall]; call && call.at <= at; call = calls[++nextCall])
      if (runs(story, call.at)) observeCalls(evaluator, call, call.at + jumped)
    for (let check = checks[nextCheck]; check && check.at <= at; check = checks[++nextCheck]) {
      const now = check.at + jumped
      evaluator.observe(check.edit.target, resultOf(check.shown, now), now, now)
    }
    if (runs(story, at)) {
      for (const jump of story.jumps.filter((one) => one.at === at)) {
        jumped += jump.seconds
        evaluator.shift(jump.seconds)
      }
      // Nothing is decided before the next tick.
      if (!over) {
        evaluator.tick(at + jumped)
        moments.push({ at, firing: new Map(evaluator.firing().map((alert) => [keyOf(alert.labels), alert])) })
      }
      if (over || edits.includes(at)) configure(at)
    }
  }
  return moments
}

function observeCalls(evaluator: Evaluator, calls: Calls & { readonly name: string }, now: number): void {
  const { name, caller, version, error } = calls
  let slow = calls.slow ?? 0
  const tell = (outcome: 'ok' | 'error' | 'unknown', count = 0): void => {
    for (let index = 0; index < count; index++, slow--)
      evaluator.observeCall(
        name,
        { durationSeconds: slow > 0 ? 60 : 0, outcome, error, caller, version },
        now,
      )
  }
  tell('ok', calls.ok)
  tell('error', calls.errors)
  tell('unknown', calls.unknown)
}

function resultOf({ reason, durationSeconds, certificateExpiry }: Outcome, now: number): ProbeResult {
  return {
    startedAt: new Date(now * 1000),
    durationSeconds,
    success: reason === undefined,
    ...(reason && { failure: { reason, message: 'as told' } }),
    ...(certificateExpiry !== undefined && {
      tls: {
        chain: [
          {
            subject: 'a',
            issuer: 'b',
            subjectAlternative: '',
            serialNumber: '1',
            fingerprintSha256: '',
            notBefore: 0,
            notAfter: certificateExpiry,
          },
        ],
        verified: true,
        earliestExpiry: certificateExpiry,
      },
    }),
  }
}
