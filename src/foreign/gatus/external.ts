import { Draft, type Remark } from '../shared/draft.ts'
import type { Fields } from '../shared/fields.ts'
import { setLabels } from '../shared/labels.ts'
import { goDuration } from '../shared/times.ts'
import type { Entry, Names } from '../shared/render.ts'
import { translateAlerts } from './alerts.ts'

/** Translates one of `external-endpoints:`, which is sent its results; a remark where it is left out. */
export function externalOf(endpoint: Fields, providers: Fields, names: Names): Entry | Remark {
  const name = endpoint.text('name') ?? 'unnamed'
  const leftOut = (why: string): Remark => ({
    path: endpoint.path,
    message: `${JSON.stringify(name)} is left out: ${why}`,
  })
  if (endpoint.take('enabled') === false) return leftOut('it is not enabled')
  const heartbeat = endpoint.below('heartbeat')
  const interval = heartbeat.text('interval')
  if (interval === undefined) return leftOut('write a target with heartbeat: and how often it has to call')
  const draft = new Draft()
  const group = endpoint.text('group')
  draft.refer(['name'], names.unique(name, group ?? 'heartbeat'), endpoint.at('name'))
  draft.set(['heartbeat'], goDuration(interval) ?? interval, heartbeat.at('interval'))
  const token = endpoint.text('token')
  if (token !== undefined) draft.refer(['token'], token, endpoint.at('token'))
  if (group !== undefined) setLabels(draft, [['group', group]], endpoint.at('group'))
  translateAlerts(endpoint, providers, draft)
  draft.note(endpoint.path, 'is called at /api/v1/heartbeat/NAME, and at /api/v1/heartbeat/NAME/fail')
  for (const path of draft.unsaid(endpoint.left())) draft.lose(path, 'is not supported here')
  return { keys: draft.keys, remarks: [...draft.lost, ...draft.notes] }
}
