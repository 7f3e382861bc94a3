import type { Target } from '../../config/target/target.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { StateFile } from '../../lib/io/state-file.ts'
import type { Timers } from '../../lib/time/timers.ts'
import type { ProbeResult } from '../../checks/result.ts'
import type { Alert, AlertSink } from '../alert.ts'
import type { JudgedCall } from './calls/counted-calls.ts'
import { evaluationSeconds } from './due-rules.ts'
import type { Examined } from './examined.ts'
import { Evaluator, type Subjects } from './evaluator.ts'
import { createStall } from './stall.ts'
import type { PeerStatus } from './rules/peer-down.ts'
import { parseEvaluatorState, type EvaluatorState } from './state.ts'
import { steadyTime } from './steady-time.ts'
import type { Health } from './watched-target.ts'
import type { Lingering } from './rules/rule.ts'

export interface AlertingOptions extends Subjects {
  /** Where the state outlives the process. */
  readonly file: StateFile
  /** Takes alerts; what it refuses is handed over again later. */
  readonly sink: AlertSink
  readonly location: string
  /** Whether the last run ended because of a bug. Default: it did not. */
  readonly crashed?: boolean
  /** The other solo of a pair. Default: there is none. */
  readonly peer?: (() => PeerStatus) | undefined
  /** When TargetDown goes on although a check succeeded, if checks are made more often than rules are evaluated. */
  readonly lingers: Lingering
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
}

/** The evaluator at work. */
export interface Alerting {
  /** Takes the result of a check that has just ended. */
  readonly observe: (target: Target, result: ProbeResult) => void
  /** Takes a call that has just ended. */
  readonly observeCall: (target: string, call: JudgedCall) => void
  readonly setTargets: (subjects: Subjects) => void
  readonly firing: () => readonly Alert[]
  readonly health: (target: Target) => Health
  /** The names of the targets whose newest check failed. */
  readonly failing: () => readonly string[]
  /** What the rules look at of a target now. Nothing where it was never checked. */
  readonly examine: (name: string) => Examined | undefined
  /** When a target was last checked, in unix milliseconds. */
  readonly lastRun: (target: Target) => number | undefined
  /** Why nothing has been judged or handed over for a minute; undefined if it has. */
  readonly stalled: () => string | undefined
  /** Saves the state. Alerts that are on their way are waited for. Safe to call twice. */
  readonly stop: () => Promise<void>
}

/** Milliseconds for which a target that begins or ceases to fail may wait to be saved, the time of a check, and that of a call. */
const saveWithin = { change: 1000, check: 10_000, call: 60_000 }

/**
 * Decides after each check and on a tick. Alerts are saved before they are handed over, and are handed over even if they cannot be
 * saved.
 */
export async function startAlerting(options: AlertingOptions): Promise<Alerting> {
  const { file, sink, location, crashed = false, lingers, peer, clock, timers, log } = options
  const state = await file.load(parseEvaluatorState)
  const stall = createStall(clock)
  const name = peer?.().name
  const evaluator = new Evaluator({
    location,
    lingers,
    crashed,
    ...(name !== undefined && { peer: name }),
    ...(state && { state }),
  })
  const now = steadyTime(clock, (seconds) => {
    log.warn({ seconds }, 'the clock of the machine has jumped')
    evaluator.shift(seconds)
  })
  /** Waiting to be handed over, in this order. */
  let queue: Alert[] = [...(state?.ended ?? [])]
  let underway: Alert[] = []
  let working: Promise<void> | undefined
  let again = false
  const wanted = (): boolean => again
  let saveTimer: { readonly at: number; readonly cancel: () => void } | undefined
  let cancelTick = (): void => undefined
  let judgesCalls = false
  let stopping: Promise<void> | undefined

  const snapshot = (): EvaluatorState => ({
    version: 2,
    ...evaluator.state(),
    ended: [...underway, ...queue].flatMap((alert) =>
      alert.status === 'resolved' && alert.endsAt
        ? [{ ...alert, status: 'resolved', endsAt: alert.endsAt }]
        : [],
    ),
  })

  /** Saves, then tells; again while there is something new. */
  async function work(): Promise<void> {
    do {
      again = false
      underway = queue
      queue = []
      if (underway.length > 0) stall.telling()
      // If this fails, a restart may repeat an alert: twice is better than never. The next save has all of it.
      await file.save(snapshot()).catch(() => undefined)
      try {
        if (underway.length > 0) await sink(underway)
        stall.told()
      } catch (error) {
        log.error(`alerts could not be handed over, and are kept for later: ${messageOf(error)}`)
        queue = [...underway, ...queue]
        again = false
      }
      underway = []
    } while (wanted())
    working = undefined
  }

  function workNow(): Promise<void> {
    saveTimer?.cancel()
    saveTimer = undefined
    again = true
    return (working ??= work())
  }

  function workWithin(milliseconds: number): void {
    const at = clock.monotonic() + milliseconds
    if (stopping || (saveTimer && saveTimer.at <= at)) return
    saveTimer?.cancel()
    saveTimer = { at, cancel: timers.after(milliseconds, () => void workNow()) }
  }

  function tell(alerts: readonly Alert[]): void {
    queue.push(...alerts)
    if (queue.length > 0) void workNow()
  }

  function tick(): void {
    stall.judged()
    tell(evaluator.tick(now(), peer?.()))
    if (judgesCalls) workWithin(saveWithin.call)
    cancelTick = timers.after(evaluationSeconds * 1000, tick)
  }

  function setTargets(subjects: Subjects): void {
    judgesCalls = (subjects.callTargets ?? []).length > 0
    stall.expect(Math.min(Infinity, ...subjects.targets.map(({ interval }) => interval)))
    tell(evaluator.setTargets(subjects, now()))
  }

  setTargets(options)
  cancelTick = timers.after(evaluationSeconds * 1000, tick)
  return {
    observe(target, result) {
      stall.checked()
      const before = evaluator.health(target.name)
      const endedAt = now()
      tell(evaluator.observe(target, result, endedAt - result.durationSeconds, endedAt))
      const after = evaluator.health(target.name)
      const changed = after !== before && !(before === 'unknown' && after === 'up')
      workWithin(changed ? saveWithin.change : saveWithin.check)
    },
    observeCall(target, call) {
      evaluator.observeCall(target, call, now())
    },
    setTargets,
    firing: () => evaluator.firing(),
    health: ({ name }) => evaluator.health(name),
    failing: () => evaluator.failing(),
    examine: (name) => evaluator.examine(name, now()),
    lastRun({ name }) {
      const at = evaluator.lastCheckAt(name)
      return at === undefined ? undefined : at * 1000
    },
    stalled: stall.reason,
    stop() {
      stopping ??= (async () => {
        cancelTick()
        await workNow()
      })()
      return stopping
    },
  }
}
