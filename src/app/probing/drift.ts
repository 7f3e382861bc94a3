import type { Observation } from '../../exporter/shared-probes.ts'
import type { Clock } from '../../lib/time/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { redact } from '../../lib/text/redact.ts'

const dayMs = 86_400_000

/** Targets and fields that are remembered. More of them are named more often. */
const maxRemembered = 10_000

/** Logs the fields of responses that their specifications do not know, each once a day. To be called with each observation. */
export function createDriftLog(log: Logger, { monotonic }: Pick<Clock, 'monotonic'>) {
  /** When a field was named last, by the target and the field; the oldest first. */
  const named = new Map<string, number>()
  return ({ target, result }: Pick<Observation, 'target' | 'result'>): void => {
    const { unknownFields = [] } = result
    const now = monotonic()
    const due = unknownFields.filter((field) => {
      const key = `${target.name}\n${field}`
      const last = named.get(key)
      if (last !== undefined && now - last < dayMs) return false
      named.delete(key)
      named.set(key, now)
      return true
    })
    for (const [key, at] of named) {
      if (now - at < dayMs && named.size <= maxRemembered) break
      named.delete(key)
    }
    if (due.length === 0) return
    log.warn(
      { target: target.name, fields: due.map((field) => redact(field, target.secrets)) },
      'the response has fields that its specification does not know',
    )
  }
}
