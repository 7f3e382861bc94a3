import { formatDuration, parseDuration } from '../../settings/values/duration.ts'
import { isSchedule, isTimezone } from '../shared/schedules.ts'
import type { Fields } from '../shared/fields.ts'
import type { Entry } from '../shared/render.ts'
import { Translation, type Remark } from '../shared/translation.ts'
import { isOff } from './kuma-file.ts'

/** The longest window that can recur: seconds. */
const longest = parseDuration('31d') ?? 0

/** What a maintenance is about. */
export interface About {
  /** The names of targets, by the id of the monitor; of a group, those of its members. */
  readonly targets: ReadonlyMap<string, readonly string[]>
  /** Of the server; absent: not known. */
  readonly timezone: string | undefined
}

/** Translates a maintenance to a window; a remark where it is left out, and nothing where it is not active. */
export function windowOf(maintenance: Fields, about: About): Entry | Remark | undefined {
  if (isOff(maintenance, 'active')) return undefined
  const title = JSON.stringify(maintenance.text('title') ?? 'unnamed')
  const leftOut = (why: string): Remark => ({
    path: maintenance.path,
    message: `the maintenance ${title} is left out: ${why}`,
  })
  const strategy = maintenance.text('strategy') ?? ''
  if (strategy === 'manual') return leftOut('it goes on until somebody ends it: use probity silence')
  const names = [
    ...new Set(maintenance.list('monitors').flatMap((id) => about.targets.get(String(id)) ?? [])),
  ]
  if (names.length === 0) return leftOut('it has no monitor that is a target')
  const translation = new Translation()
  translation.set(['targets'], names, maintenance.at('monitors'))
  const isSet =
    strategy === 'single' ? setMoments(maintenance, translation) : setSchedule(maintenance, translation)
  if (!isSet) return leftOut('it does not say when it is')
  if (strategy === 'recurring-interval' && Number(maintenance.text('intervalDay') ?? 1) > 1)
    return leftOut(
      `it is every ${maintenance.text('intervalDay')} days: write its next days as windows with from: and to:`,
    )
  setTimezone(maintenance, translation, about.timezone)
  return { keys: translation.keys, remarks: [...translation.lost, ...translation.notes] }
}

function setMoments(maintenance: Fields, translation: Translation): boolean {
  const ends = [
    ['from', 'startDate'],
    ['to', 'endDate'],
  ] as const
  for (const [ours, theirs] of ends) {
    const [moment] = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?/.exec(maintenance.text(theirs) ?? '') ?? []
    if (moment === undefined) return false
    translation.set([ours], moment.replace(' ', 'T'), maintenance.at(theirs))
  }
  return String(translation.keys['from']) < String(translation.keys['to'])
}

function setSchedule(maintenance: Fields, translation: Translation): boolean {
  const cron = (maintenance.text('cron') ?? '').trim().replaceAll(/\s+/g, ' ')
  const seconds = Number(maintenance.text('duration') ?? 0)
  if (!(seconds > 0) || !isSchedule(cron)) return false
  translation.set(['schedule'], cron, maintenance.at('cron'))
  translation.set(['duration'], formatDuration(Math.min(seconds, longest)), maintenance.at('duration'))
  for (const key of ['startDate', 'endDate'])
    if ((maintenance.text(key) ?? '') !== '')
      translation.note(maintenance.at(key), 'the windows recur without a first and a last one')
  return true
}

function setTimezone(maintenance: Fields, translation: Translation, ofServer: string | undefined): void {
  const written = maintenance.text('timezone') ?? ''
  const isOfServer = written === '' || written === 'SAME_AS_SERVER'
  const timezone = isOfServer ? ofServer : written
  if (timezone !== undefined && isTimezone(timezone))
    translation.set(['timezone'], timezone, maintenance.at('timezone'))
  else translation.note(maintenance.at('timezone'), 'the time zone is not known: these times are in UTC')
}
