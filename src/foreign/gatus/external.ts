import { Translation, type Remark } from '../shared/translation.ts'
import type { Fields } from '../shared/fields.ts'
import { setLabels } from '../shared/labels.ts'
import { goDuration } from '../shared/times.ts'
import type { Entry, Names } from '../shared/render.ts'
import { translateAlerts, type Alerting } from './alerts.ts'

/** Translates one of `external-endpoints:`, which is sent its results; a remark where it is left out. */
export function externalOf(endpoint: Fields, alerting: Alerting, names: Names): Entry | Remark {
  const name = endpoint.text('name') ?? 'unnamed'
  const leftOut = (why: string): Remark => ({
    path: endpoint.path,
    message: `${JSON.stringify(name)} is left out: ${why}`,
  })
  const heartbeat = endpoint.below('heartbeat')
  const interval = heartbeat.text('interval')
  if (interval === undefined) return leftOut('write a target with heartbeat: and how often it has to call')
  const translation = new Translation()
  const group = endpoint.text('group')
  translation.refer(['name'], names.unique(name, group ?? 'heartbeat'), endpoint.at('name'))
  translation.set(['heartbeat'], goDuration(interval) ?? interval, heartbeat.at('interval'))
  if (endpoint.take('enabled') === false) translation.set(['enabled'], false, endpoint.at('enabled'))
  const token = endpoint.text('token')
  if (token !== undefined) translation.refer(['token'], token, endpoint.at('token'))
  if (group !== undefined) setLabels(translation, [['group', group]], endpoint.at('group'))
  translateAlerts(endpoint, alerting, translation)
  translation.note(endpoint.path, 'is called at /api/v1/heartbeat/NAME, and at /api/v1/heartbeat/NAME/fail')
  for (const path of translation.unsaid(endpoint.left())) translation.lose(path, 'is not supported here')
  return { keys: translation.keys, remarks: [...translation.lost, ...translation.notes] }
}
