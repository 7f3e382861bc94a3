import type { Translation } from '../shared/translation.ts'
import type { Fields } from '../shared/fields.ts'

/** What Gatus has where no alert says it. */
const usualThreshold = 3

/** Successes that end an alert of Gatus where nothing says how many. */
const usualSuccesses = 2

/** What `alerting:` says. */
export interface Alerting {
  readonly providers: Fields
  /** The providers that are channels of notify.yml. */
  readonly channels: Pick<ReadonlyMap<string, unknown>, 'has' | 'size'>
}

/** Translates the `alerts:` of an endpoint: how many failures and successes, and whom they notify. */
export function translateAlerts(
  endpoint: Fields,
  { providers, channels }: Alerting,
  translation: Translation,
): void {
  const alerts = endpoint.items('alerts').map((alert) => {
    const type = alert.text('type') ?? 'custom'
    const byDefault = providers.below(type).below('default-alert')
    const enabled = alert.take('enabled') ?? byDefault.take('enabled') ?? true
    const threshold = Number(
      alert.text('failure-threshold') ?? byDefault.text('failure-threshold') ?? usualThreshold,
    )
    const successes = Number(
      alert.text('success-threshold') ?? byDefault.text('success-threshold') ?? usualSuccesses,
    )
    for (const key of ['send-on-resolved', 'description', 'provider-override', 'minimum-reminder-interval'])
      alert.take(key)
    return { type, enabled: enabled !== false, threshold, successes }
  })
  const told = alerts.filter(({ enabled }) => enabled)
  if (told.length === 0) {
    // A target that names none notifies all of them.
    if (channels.size > 0) translation.set(['notify'], 'log', endpoint.at('alerts'))
    translation.note(
      endpoint.at('alerts'),
      'nobody was notified: TargetDown begins after three failed checks here',
    )
    return
  }
  const thresholds = told
    .map(({ threshold }) => threshold)
    .filter((count) => Number.isSafeInteger(count) && count > 0)
  const lowest = Math.min(...thresholds)
  if (Number.isFinite(lowest)) translation.set(['alert_after'], lowest, endpoint.at('alerts'))
  if (new Set(thresholds).size > 1)
    translation.note(
      endpoint.at('alerts'),
      `each had its own threshold: all of them are notified after ${lowest} failed checks`,
    )
  const successes = told
    .map((one) => one.successes)
    .filter((count) => Number.isSafeInteger(count) && count > 0)
  const most = Math.max(1, ...successes)
  if (most > 1) translation.set(['recover_after'], most, endpoint.at('alerts'))
  if (new Set(successes).size > 1)
    translation.note(
      endpoint.at('alerts'),
      `each had its own success-threshold: all of them end after ${most} successes`,
    )
  const types = [...new Set(told.map(({ type }) => type))]
  const known = types.filter((type) => channels.has(type))
  const unknown = types.filter((type) => !channels.has(type))
  if (known.length > 0) translation.set(['notify'], known, endpoint.at('alerts'))
  if (unknown.length > 0)
    translation.note(
      endpoint.at('alerts'),
      `notified ${unknown.join(', ')}: write its channel in notify.yml, and notify: here`,
    )
}
