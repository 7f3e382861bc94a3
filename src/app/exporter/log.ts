import type { Config } from '../../config/config.ts'
import type { Observation } from '../../exporter/shared-probes.ts'
import type { Logger } from '../../lib/logger.ts'
import { redact } from '../../lib/text/redact.ts'
import { remarksOn } from '../remarks.ts'

/** What cannot be used is reported, but stops nothing. */
export function logRemarks(config: Config, log: Logger): void {
  for (const words of remarksOn(config)) log.warn(words)
}

/** A failed probe is worth a line; the others are for those who look for them. */
export function logObservation(log: Logger, { target, result }: Observation): void {
  const fields = { target: target.name, durationSeconds: result.durationSeconds }
  const { failure = result.retried?.failure } = result
  if (!failure) {
    log.debug(fields, 'probe succeeded')
    return
  }
  const { reason, message } = failure
  const words = result.failure ? 'probe failed' : 'probe failed once, and succeeded when it was made again'
  log.info({ ...fields, reason, message: redact(message, target.secrets) }, words)
}
