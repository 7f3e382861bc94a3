import { Cron } from 'croner'
import { z } from 'zod'
import type { Report } from '../../checks/kind.ts'
import { didYouMean } from '../../settings/values/closest.ts'
import { matchers } from '../notify/matchers.ts'
import { durationUpTo } from '../../settings/values/scalars.ts'
import { readSchedule, readTimezone, timesAround } from '../../settings/values/schedule.ts'
import type { MaintenanceWindow } from '../target/maintenance.ts'
import type { Target } from '../target/target.ts'
import { asText, keys, oneOrMany, seen, value, ValueError } from '../../settings/values/value.ts'

function readMoment(input: unknown): string {
  const text = asText(input)
  const [, minutes, seconds = ':00'] = /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d)(:\d\d)?$/.exec(text) ?? []
  const local = `${minutes ?? ''}${seconds}`.replace(' ', 'T')
  // A 31st of February would become a 3rd of March.
  const parsed = Date.parse(`${local}Z`)
  if (minutes === undefined || Number.isNaN(parsed) || new Date(parsed).toISOString().slice(0, 19) !== local)
    throw new ValueError(`${seen} is not a valid local time: expected one such as 2026-12-01T22:00`)
  return local
}

const momentJson = { type: 'string' } as const

const windowShape = {
  from: value(readMoment, momentJson)
    .optional()
    .describe('When a single window begins: a local time, such as `2026-12-01T22:00`.'),
  to: value(readMoment, momentJson).optional().describe('When it ends, in the same form.'),
  schedule: value(readSchedule, {
    type: 'string',
    description: 'When each recurring window begins: five fields of cron, such as `0 22 * * 6`.',
  }).optional(),
  duration: durationUpTo(31 * 86_400, '31d')
    .optional()
    .describe('How long each recurring window lasts, up to `31d`.'),
  timezone: value(readTimezone, {
    type: 'string',
    description: 'The time zone of these times, such as `Europe/Berlin`. Default: `UTC`.',
  }).default('UTC'),
}

type Written = z.output<ReturnType<typeof keys<typeof windowShape>>>

const bothForms = 'needs from: and to:, or schedule: and duration:'

function checkForm(written: Written, context: z.core.$RefinementCtx): void {
  const { from, to, schedule, duration } = written
  const once = from !== undefined && to !== undefined
  const often = schedule !== undefined && duration !== undefined
  const given = [from, to, schedule, duration].filter((part) => part !== undefined).length
  if (given !== 2 || once === often) context.addIssue({ code: 'custom', path: [], message: bothForms })
  else if (once && instant(from, written.timezone) >= instant(to, written.timezone))
    context.addIssue({ code: 'custom', path: ['to'], message: 'is not after from' })
}

/** One of `maintenance:` of a target. */
export const maintenanceOfTarget = z.array(keys(windowShape).superRefine(checkForm), {
  error: 'expected a list of windows',
})

/** One of `maintenance:` at the top of a file. */
export const maintenanceSchema = keys({
  ...windowShape,
  targets: oneOrMany(asText, { type: 'string' })
    .optional()
    .describe('The targets it applies to, a name or a list. Default: all.'),
  match: matchers
    .optional()
    .describe('The labels of the targets it applies to, as in the routes of notify.yml. Default: all.'),
}).superRefine(checkForm)

/** Unix seconds of a local time. One that the clocks skip is as much later as they are put forward. */
function instant(local: string, timezone: string): number {
  return (new Cron(local, { timezone }).nextRun(new Date(0))?.getTime() ?? NaN) / 1000
}

/** Makes what was read usable. */
export function toWindow({ from, to, schedule, duration = 0, timezone }: Written): MaintenanceWindow {
  if (from !== undefined && to !== undefined) {
    const [begin, end] = [instant(from, timezone), instant(to, timezone)]
    return { endAt: (at) => (at >= begin && at < end ? end : undefined) }
  }
  const recurring = { cron: schedule ?? '', timezone }
  // The last beginning, and until when it is that: looking them up for each check costs more than the check's own bookkeeping.
  let [start, end] = [Infinity, -Infinity]
  return {
    endAt(at) {
      if (at < start || at >= end) {
        const { last = -Infinity, next = Infinity } = timesAround(recurring, at * 1000)
        start = last / 1000
        end = next / 1000
      }
      return at < start + duration ? start + duration : undefined
    },
  }
}

/** An entry of the top of a file, and where what is wrong with it is reported. */
export interface SharedMaintenance {
  readonly value: z.output<typeof maintenanceSchema>
  readonly report: Report
}

/**
 * Gives each target the windows of the top of the file that are its own too. Names that are not targets are reported.
 *
 * @param isComplete Whether there are no other targets, at any time.
 */
export function shareMaintenance(
  targets: readonly Target[],
  shared: readonly SharedMaintenance[],
  isComplete: boolean,
): Target[] {
  const names = new Set(targets.map(({ name }) => name))
  const windows = shared.map(({ value: written, report }) => {
    for (const [index, name] of (written.targets ?? []).entries())
      if (isComplete && !names.has(name))
        report(['targets', index], `there is no target ${seen} that is probed${didYouMean(name, names)}`)
    return { written, window: toWindow(written) }
  })
  return targets.map((target) => {
    const { name, severity, labels, instance } = target
    const all = { ...labels, target: name, severity, instance }
    const own = windows.filter(
      ({ written: { targets: named, match = [] } }) =>
        (named?.includes(name) ?? true) && match.every(({ matches }) => matches(all)),
    )
    return own.length === 0
      ? target
      : { ...target, maintenance: [...(target.maintenance ?? []), ...own.map(({ window }) => window)] }
  })
}
