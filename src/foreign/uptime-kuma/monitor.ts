import { Translation, type Remark } from '../shared/translation.ts'
import type { Fields } from '../shared/fields.ts'
import { formatDuration } from '../../settings/values/duration.ts'
import { isMapping } from '../../config/document/parts.ts'
import { setLabels } from '../shared/labels.ts'
import type { Entry } from '../shared/render.ts'
import { fitTimeout } from '../shared/times.ts'
import { isOff, isOn } from './kuma-file.ts'
import type { Surroundings } from './surroundings.ts'
import { types } from './types.ts'

/** Seconds. */
const usual = { interval: 60, timeout: 48, resend: 0 } as const

/** Translates a monitor; a remark where it is left out. */
export function monitorOf(monitor: Fields, surroundings: Surroundings): Entry | Remark {
  const name = monitor.text('name') ?? 'unnamed'
  const typeName = monitor.text('type') ?? ''
  const leftOut = (why: string): Remark => ({
    path: monitor.path,
    message: `${JSON.stringify(name)} is left out: ${why}`,
  })
  const type = Object.hasOwn(types, typeName) ? types[typeName] : undefined
  if (typeof type === 'string') return leftOut(type)
  if (type === undefined) return leftOut(`there is no check for the type ${JSON.stringify(typeName)} here`)
  if (isOn(monitor, 'upsideDown')) return leftOut('it is upside down: a failure cannot be expected')
  const translation = new Translation()
  const parent = surroundings.monitors.get(monitor.text('parent') ?? '')
  translation.set(['name'], surroundings.names.unique(name, parent ?? typeName), monitor.at('name'))
  if (isOff(monitor, 'active')) translation.set(['enabled'], false, monitor.at('active'))
  type.translate(monitor, translation, surroundings)
  if (type.isChecked ?? true) translateTimes(monitor, translation)
  translateAlerting(monitor, translation, surroundings)
  const tags = monitor
    .items('tags')
    .map((tag) => [tag.text('name') ?? '', tag.text('value') || 'true'] as const)
  setLabels(
    translation,
    [...(parent === undefined ? [] : [['group', parent] as const]), ...tags],
    monitor.at('tags'),
  )
  // A backup has every key of every type: only what is of this one, and not as it is by default, says something.
  for (const path of translation.unsaid(
    monitor.left().filter((left) => type.keys.includes(String(left.at(-1)))),
  )) {
    if (isSet(monitor.take(String(path.at(-1))))) translation.lose(path, `has no effect for ${typeName} here`)
  }
  const { dialogue } = translation.keys
  const keys = isMapping(dialogue)
    ? { ...translation.keys, dialogue: Object.values(dialogue) }
    : translation.keys
  return { keys, remarks: [...translation.lost, ...translation.notes] }
}

function isSet(value: unknown): boolean {
  const isEmpty = Array.isArray(value)
    ? value.length === 0
    : isMapping(value) && Object.keys(value).length === 0
  return !isEmpty && !['', false, 0, '0'].some((nothing) => nothing === value)
}

function translateTimes(monitor: Fields, translation: Translation): void {
  const seconds = (key: string, byDefault: number): number =>
    Number(monitor.text(key) ?? byDefault) || byDefault
  const interval = seconds('interval', usual.interval)
  translation.set(['interval'], formatDuration(interval), monitor.at('interval'))
  const timeout = Math.round(seconds('timeout', Math.min(usual.timeout, interval * 0.8)) * 1000) / 1000
  translation.set(['timeout'], formatDuration(timeout), monitor.at('timeout'))
  fitTimeout(translation, monitor.at('timeout'))
}

function translateAlerting(monitor: Fields, translation: Translation, surroundings: Surroundings): void {
  const retries = Number(monitor.text('maxretries') ?? 0)
  translation.set(['alert_after'], retries + 1, monitor.at('maxretries'))
  const [retry, interval] = [monitor.text('retryInterval'), monitor.text('interval')]
  if (retries > 0 && retry !== undefined && retry !== interval)
    translation.note(monitor.at('retryInterval'), 'a check that failed is repeated after the interval')
  if (Number(monitor.text('resendInterval') ?? usual.resend) > 0)
    translation.note(
      monitor.at('resendInterval'),
      'write how often it is repeated in notify.yml, or as repeat: here',
    )
  if (isOff(monitor, 'expiryNotification') && monitor.text('type') !== 'push')
    translation.set(['expect', 'certificate_days'], 'off', monitor.at('expiryNotification'))
  if (isOn(monitor, 'domainExpiryNotification'))
    translation.note(
      monitor.at('domainExpiryNotification'),
      'write a target with domain: for the domain, which is checked once a day',
    )
  translateNotifications(monitor, translation, surroundings)
}

function translateNotifications(
  monitor: Fields,
  translation: Translation,
  { notifications, channels }: Surroundings,
): void {
  const at = monitor.at('notificationIDList')
  const ids = monitor.take('notificationIDList')
  const chosen = isMapping(ids)
    ? Object.keys(ids).filter((id) => ids[id] === true)
    : Array.isArray(ids)
      ? ids.map(String)
      : []
  const made = chosen.flatMap((id) => channels.get(id) ?? [])
  // Without it, the alerts of the target would go to every channel: the log always gets them.
  if (channels.size > 0) translation.set(['notify'], made.length > 0 ? made : ['log'], at)
  const names = chosen.filter((id) => !channels.has(id)).map((id) => notifications.get(id) ?? id)
  if (names.length > 0)
    translation.note(at, `notified ${names.join(', ')}: write the channel in notify.yml, and notify: here`)
}
