import type { Translation } from '../shared/translation.ts'
import type { Fields } from '../shared/fields.ts'

/** What Gatus has where no alert says it. */
const usualThreshold = 3

/** Translates the `alerts:` of an endpoint: how many failures, and whom they notify. */
export function translateAlerts(endpoint: Fields, providers: Fields, translation: Translation): void {
  const alerts = endpoint.items('alerts').map((alert) => {
    const type = alert.text('type') ?? 'custom'
    const byDefault = providers.below(type).below('default-alert')
    const enabled = alert.take('enabled') ?? byDefault.take('enabled') ?? true
    const threshold = Number(
      alert.text('failure-threshold') ?? byDefault.text('failure-threshold') ?? usualThreshold,
    )
    for (const key of [
      'success-threshold',
      'send-on-resolved',
      'description',
      'provider-override',
      'minimum-reminder-interval',
    ])
      if (key === 'success-threshold' && Number(alert.text(key) ?? 2) !== 2)
        translation.note(alert.at(key), 'one success ends an alert')
      else alert.take(key)
    return { type, enabled: enabled !== false, threshold }
  })
  const told = alerts.filter(({ enabled }) => enabled)
  if (told.length === 0) {
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
  const types = [...new Set(told.map(({ type }) => type))].join(', ')
  translation.note(
    endpoint.at('alerts'),
    `notified ${types}: write its channel in notify.yml, and notify: here`,
  )
}
