import type { CallTarget } from '../../config/target/calls.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { StateFile } from '../../lib/io/state-file.ts'
import type { Timers } from '../../lib/time/timers.ts'
import type { Alert, AlertSink } from '../alert.ts'
import { CallsEvaluator, parseCallsState, type JudgedCall } from './calls-evaluator.ts'
import { steadyTime } from './steady-time.ts'

export interface CallsAlertingOptions {
  /** Where the alerts that fire outlive the process. */
  readonly file: StateFile
  /** Takes what is to be told; what it refuses is told again later. */
  readonly sink: AlertSink
  readonly targets: readonly CallTarget[]
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
}

/** The evaluator of calls at work. */
export interface CallsAlerting {
  readonly observe: (target: string, call: JudgedCall) => void
  readonly setTargets: (targets: readonly CallTarget[]) => void
  readonly firing: () => readonly Alert[]
  /** Waits for alerts on their way. Safe to call twice. */
  readonly stop: () => Promise<void>
}

/** Milliseconds between two evaluations, as the rules of Prometheus have them. */
const tickMs = 15_000

/** Decides on a tick, beside the alerting of targets. */
export async function startCallsAlerting(options: CallsAlertingOptions): Promise<CallsAlerting> {
  const { file, sink, clock, timers, log } = options
  const time = steadyTime(clock)
  const evaluator = new CallsEvaluator(parseCallsState(await file.load()), time.now())
  evaluator.setTargets(options.targets)
  let waiting: Alert[] = []
  let saved = true
  let telling: Promise<void> | undefined
  let stopped = false
  let cancel = (): void => undefined

  /** What was told is saved after that: at worst it is told twice, and whoever takes it knows it by its fingerprint. */
  async function tell(): Promise<void> {
    const alerts = waiting
    waiting = []
    try {
      if (alerts.length > 0) await sink(alerts)
    } catch (error) {
      log.error(`alerts about calls are told again later: ${messageOf(error)}`)
      waiting = [...alerts, ...waiting]
      return
    }
    saved = await file.save(evaluator.state()).then(
      () => true,
      () => false,
    )
  }

  function tick(): void {
    const jump = time.adopt()
    if (jump !== 0) evaluator.shift(jump)
    waiting.push(...evaluator.tick(time.now()))
    if ((waiting.length > 0 || !saved) && telling === undefined) {
      telling = tell().finally(() => {
        telling = undefined
      })
    }
    if (!stopped) cancel = timers.after(tickMs, tick)
  }

  cancel = timers.after(tickMs, tick)
  return {
    observe(target, call) {
      evaluator.observe(target, call, time.now())
    },
    setTargets(targets) {
      evaluator.setTargets(targets)
    },
    firing: () => evaluator.firing(),
    async stop() {
      stopped = true
      cancel()
      await telling
    },
  }
}
