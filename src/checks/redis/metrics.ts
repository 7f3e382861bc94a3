import { always, maybe, type ProbeMetric } from '../metric.ts'

/** A number is exported as it is: the length of a queue can be drawn, and alerted on. */
export const redisMetrics: readonly ProbeMetric[] = [
  always(
    'probe_redis_answered',
    'Whether there was an answer other than an error, whatever it says',
    ({ result }) => Number(result.redis?.reply !== undefined),
  ),
  maybe('probe_redis_value', 'The answer, if it is a number', ({ result }) => {
    const reply = result.redis?.reply ?? ''
    return /^-?\d{1,15}(?:\.\d{1,15})?$/.test(reply) ? [Number(reply)] : []
  }),
]
