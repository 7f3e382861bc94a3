import { formatDuration } from '../../settings/values/duration.ts'
import { isSchedule, isTimezone } from '../shared/schedules.ts'
import type { Fields } from '../shared/fields.ts'
import { setLabels } from '../shared/labels.ts'
import type { Entry, Names } from '../shared/render.ts'
import type { Secrets } from '../shared/secrets.ts'
import { Translation, type Remark } from '../shared/translation.ts'

/** What is around a check. */
export interface Around {
  readonly names: Names
  readonly secrets: Secrets
}

/** Keys about what has happened, and addresses of the service itself. */
const state = [
  ...[
    'n_pings',
    'started',
    'last_ping',
    'next_ping',
    'last_duration',
    'desc',
    'start_kw',
    'success_kw',
    'failure_kw',
  ],
  ...[
    'badge_url',
    'ping_url',
    'update_url',
    'pause_url',
    'resume_url',
    'subject',
    'subject_fail',
    'unique_key',
  ],
]

/** Keys that change how calls are read, where they are on. */
const filters: Readonly<Record<string, string>> = {
  filter_subject: 'mails are not received: let the job make a request',
  filter_body: 'mails are not received: let the job make a request',
  filter_http_body: 'the body of a call is kept, and not searched: call /fail when the job fails',
  filter_default_fail: 'a call without /fail is a success',
  manual_resume: 'edit enabled: to resume it',
}

/** Translates a check; a remark where it is left out. */
export function checkOf(check: Fields, { names, secrets }: Around): Entry | Remark {
  const slug = check.text('slug') ?? ''
  const name = check.text('name') || slug || 'unnamed'
  const translation = new Translation()
  translation.set(['name'], names.unique(name, slug || 'job'), check.at('name'))
  const why = setRhythm(check, translation)
  if (why !== undefined) return { path: check.path, message: `${JSON.stringify(name)} is left out: ${why}` }
  const grace = Number(check.text('grace') ?? 0)
  if (grace > 0) {
    translation.set(['grace'], formatDuration(grace), check.at('grace'))
    // There, a job that has begun has this time to end.
    translation.set(['max_runtime'], formatDuration(grace), check.at('grace'))
  }
  // One that is late is down at once there.
  translation.set(['alert_after'], 1, check.at('grace'))
  const uuid = check.text('uuid')
  if (uuid === undefined)
    translation.lose(
      check.path,
      'has no uuid, because it was read with a read-only key: without one, /ping/UUID does not reach it, and everybody may call',
    )
  else translation.refer(['token'], secrets.keep(uuid, slug || name), check.at('uuid'))
  if (check.text('status') === 'paused') translation.set(['enabled'], false, check.at('status'))
  const tags = (check.text('tags') ?? '').split(/\s+/).filter((tag) => tag !== '')
  setLabels(
    translation,
    tags.map((tag) => [tag, 'true'] as const),
    check.at('tags'),
  )
  noteOthers(check, translation)
  return { keys: translation.keys, remarks: [...translation.lost, ...translation.notes] }
}

/** @returns Why it cannot be said when the job runs; nothing where it can be. */
function setRhythm(check: Fields, translation: Translation): string | undefined {
  const schedule = check.text('schedule')
  if (schedule === undefined) {
    const period = Number(check.text('timeout') ?? Number.NaN)
    if (!(period > 0)) return 'it has neither timeout nor schedule'
    translation.set(['heartbeat'], formatDuration(period), check.at('timeout'))
    return undefined
  }
  const cron = schedule.trim().replaceAll(/\s+/g, ' ')
  const timezone = check.text('tz') ?? 'UTC'
  if (!isSchedule(cron))
    return `${JSON.stringify(schedule)} is not five fields of cron that name a moment: write heartbeat: { schedule: ..., timezone: ... }`
  if (!isTimezone(timezone)) return `${JSON.stringify(timezone)} is not a known time zone`
  translation.set(['heartbeat', 'schedule'], cron, check.at('schedule'))
  translation.set(['heartbeat', 'timezone'], timezone, check.at('tz'))
  return undefined
}

function noteOthers(check: Fields, translation: Translation): void {
  for (const [key, message] of Object.entries(filters))
    if (check.take(key) === true) translation.note(check.at(key), message)
  if ((check.text('methods') ?? '') !== '')
    translation.note(check.at('methods'), 'calls of every method count')
  const channels = (check.text('channels') ?? '').split(',').filter((channel) => channel !== '')
  if (channels.length > 0)
    translation.note(
      check.at('channels'),
      `notified ${channels.length} integrations: write their channels in notify.yml, and notify: here`,
    )
  for (const key of state) check.take(key)
  for (const path of translation.unsaid(check.left())) translation.lose(path, 'is not supported here')
}
