import type { Alert } from '../../alerts/alert.ts'
import { evaluationSeconds } from '../../alerts/evaluator/due-rules.ts'
import { Evaluator } from '../../alerts/evaluator/evaluator.ts'
import { steadyTime } from '../../alerts/evaluator/steady-time.ts'
import type { CallTarget } from '../../config/target/calls.ts'
import type { Clock } from '../../lib/time/clock.ts'
import type { Timers } from '../../lib/time/timers.ts'

/** The alerts of a process that decides them itself, as solo does. */
export interface OwnAlerts {
  readonly firing: () => readonly Alert[]
  /** Calls a listener with the alerts that begin or end. */
  readonly onChange: (listener: (alerts: readonly Alert[]) => void) => void
}

type ObserveCall = Evaluator['observeCall']

/** The alerts on the calls to targets that have no check. */
export interface DecidedAlerts extends OwnAlerts {
  readonly observe: (name: string, call: Parameters<ObserveCall>[1]) => void
  readonly setTargets: (targets: readonly CallTarget[]) => void
  readonly stop: () => void
}

export interface DecideOptions {
  readonly location: string
  readonly clock: Clock
  readonly timers: Timers
}

/**
 * An exporter decides no alerts, so they are decided here once more, by the same rules: the page of the stack shows what the one of solo
 * does.
 */
export function decideAgain({ location, clock, timers }: DecideOptions): DecidedAlerts {
  const evaluator = new Evaluator({ location })
  const now = steadyTime(clock, (seconds) => {
    evaluator.shift(seconds)
  })
  const listeners: ((alerts: readonly Alert[]) => void)[] = []

  function tell(alerts: readonly Alert[]): void {
    for (const listener of listeners) listener(alerts)
  }

  function tick(): void {
    tell(evaluator.tick(now()))
    cancel = timers.after(evaluationSeconds * 1000, tick)
  }

  let cancel = timers.after(evaluationSeconds * 1000, tick)
  return {
    firing: () => evaluator.firing(),
    onChange: (listener) => void listeners.push(listener),
    observe(name, call) {
      evaluator.observeCall(name, call, now())
    },
    setTargets(callTargets) {
      tell(evaluator.setTargets({ targets: [], callTargets }, now()))
    },
    stop: () => {
      cancel()
    },
  }
}

/** What solo has decided, with what it knew before it was started. */
export function decidedBy(own: OwnAlerts): DecidedAlerts {
  let names: ReadonlySet<string> = new Set()
  const ofCalls = (alerts: readonly Alert[]): Alert[] =>
    alerts.filter(({ labels }) => names.has(labels.target ?? ''))
  return {
    firing: () => ofCalls(own.firing()),
    onChange(listener) {
      own.onChange((alerts) => {
        listener(ofCalls(alerts))
      })
    },
    observe: () => undefined,
    setTargets(targets) {
      names = new Set(targets.map(({ name }) => name))
    },
    stop: () => undefined,
  }
}
