import { evaluationSeconds } from '../../../src/alerts/evaluator/due-rules.ts'
import { systemTimers, type Timers } from '../../../src/lib/time/timers.ts'

/** The machine's own timers, except that what is evaluated as often as Prometheus evaluates its rules is evaluated at once: ends are. */
export const quickEvaluations: Timers = {
  after: (milliseconds, run) =>
    systemTimers.after(milliseconds === evaluationSeconds * 1000 ? 100 : milliseconds, run),
}
