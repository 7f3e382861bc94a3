import { severities } from '../../config/target/severity.ts'
import { z } from 'zod'
import { elsewhere as elsewhereShape, location as locationShape } from './location-shape.ts'
import { pastShape as past } from './past-state.ts'
import { availability, message, name, ratio, reason, seconds, time } from './scalars.ts'
import { callsStates, targetStates } from '../status/status.ts'
import { admission, changeBefore, commandRunShape, markShape, route, vendorSaid } from './witness-shapes.ts'

/** What the answers of /api/v1 look like: the one source of their documentation, and what tests hold them against. */
export const shapes = z.registry<{ id: string }>()

/** Shapes of other routes get their names here, too. */
export function named<T extends z.ZodType>(id: string, shape: T): T {
  shapes.add(shape, { id })
  return shape
}

const day = z.iso.date().describe('A day of UTC.')

const state = z
  .enum(targetStates)
  .describe(
    'up; degraded: slower than expected, the last check or the median of ten minutes; down: the last check failed; pending: not checked yet, or not for more than two intervals, or a heartbeat that never came and is not late; paused: not checked, because the configuration says so.',
  )

const limit = seconds.nullable().describe('Null if there is no limit.')

const unobserved = z.boolean().describe('Nothing was seen: neither up nor down.')

const statusCode = z.int().describe('Of HTTP.')

const evidence = named(
  'Evidence',
  z.strictObject({ at: time, reason, message, statusCode: statusCode.optional() }),
)

const commands = z
  .array(named('CommandRun', commandRunShape))
  .optional()
  .describe('What commands ran for its alerts, the newest first. Absent: none is known.')

const incident = named(
  'Incident',
  z.strictObject({
    target: name,
    startedAt: time,
    endedAt: time.optional().describe('Absent while it lasts.'),
    durationSeconds: seconds.describe('Until now, while it lasts.'),
    inMaintenance: z
      .boolean()
      .optional()
      .describe('Whether it began in a maintenance of the target. Absent: it did not.'),
    noLongerWatched: z
      .boolean()
      .optional()
      .describe(
        'The target was removed or paused while it failed: endedAt is its last check, and nobody knows when it recovered. Absent: it was not.',
      ),
    firstFailure: evidence,
    lastFailure: evidence,
    after: changeBefore.optional(),
    admission: admission.optional(),
    commands,
  }),
)

const location = named('Location', locationShape)

const elsewhere = named('ElsewhereTarget', elsewhereShape)

const mark = named('Mark', markShape)

export const marksAnswer = named('Marks', z.strictObject({ marks: z.array(mark) }))

const target = named(
  'Target',
  z.strictObject({
    name,
    instance: z.string().describe('Its address without userinfo, query and fragment, or its command.'),
    kind: z.string().describe('How it is checked: http, command, ...'),
    labels: z.record(z.string(), z.string()),
    severity: z.enum(severities),
    intervalSeconds: seconds,
    state,
    awaited: z
      .literal(true)
      .optional()
      .describe('The job of a heartbeat has never called, and is not late. Absent: it has, or it is.'),
    since: time.optional().describe('Since when checks have succeeded or failed; absent if unknown.'),
    silenced: z
      .strictObject({
        until: time,
        by: z.string(),
        acknowledged: z.boolean().describe('Whether somebody takes care of an alert that fires.'),
      })
      .optional()
      .describe(
        'Present while a silence holds back the messages about all its alerts, or about one that fires.',
      ),
    maintenanceUntil: time
      .optional()
      .describe('When the current maintenance of the target ends; absent outside of one.'),
    last: z
      .strictObject({
        at: time,
        durationSeconds: seconds,
        success: z.boolean(),
        reason: reason.optional(),
        message: message.optional(),
        statusCode: statusCode.optional(),
      })
      .optional()
      .describe('The last check; absent before the first.'),
    expectation: z.strictObject({ maxLatencySeconds: limit, maxErrorRatio: ratio, slo: ratio }),
    sparkline: z
      .array(seconds.nullable())
      .describe(
        'Median latency of each hour that began in the last 24, the oldest first; null if no check succeeded. Empty without a history.',
      ),
    days: z
      .array(z.strictObject({ day, checks: z.int(), failures: z.int(), availability, unobserved }))
      .describe('90 days, today last. Empty without a history.'),
    availability: z.strictObject({ last24h: availability, last30d: availability, last90d: availability }),
    latency: z
      .strictObject({ p50Seconds: seconds.optional(), p95Seconds: seconds.optional() })
      .describe('Of checks that succeeded in the last 24 hours, within 1 %.'),
    openIncident: incident.optional().describe('Present while checks fail.'),
    calls: z
      .strictObject({
        lastCallAt: time.optional().describe('Absent if there was no call since this process started.'),
        recent: z
          .strictObject({ calls: z.int(), errors: z.int() })
          .describe('The calls of the last ten minutes.'),
      })
      .optional()
      .describe('Present if calls of programs belong to it too.'),
    vendor: vendorSaid.optional(),
    locations: z
      .array(location)
      .optional()
      .describe(
        'By the history, if the target was checked from several locations within the last day, in the order of their names. The other fields are those of this process.',
      ),
  }),
)

const detail = named(
  'TargetDetail',
  target.extend({
    location: z.string().optional().describe('Where it is probed from.'),
    shared: z
      .string()
      .optional()
      .describe('What it shares with other targets that fail, and with none that works, in words.'),
    route: route.optional(),
    runbook: z.string().optional(),
    facts: z
      .array(z.strictObject({ label: z.string(), value: z.string() }))
      .describe('What the last check saw, as its kind of check reports it.'),
    phases: z
      .record(z.string(), seconds)
      .optional()
      .describe('Of the last check; a phase that was not reached is missing.'),
    certificate: z
      .strictObject({
        expiresAt: time,
        minRemainingSeconds: seconds.describe('The minimum in the configuration.'),
        verified: z.boolean(),
        subject: z.string().optional(),
        issuer: z.string().optional(),
      })
      .optional(),
    credentials: z
      .array(z.strictObject({ name: z.string(), expiresAt: time, lifetimeSeconds: z.number().optional() }))
      .describe('The credentials of the check that expire.'),
    expectations: z
      .record(z.string(), z.unknown())
      .describe('As the configuration writes them, including defaults.'),
    incidents: z.array(incident).describe('The newest first, at most 50, of the last 90 days.'),
    commands,
  }),
)

const calls = named(
  'CallsTarget',
  z.strictObject({
    name,
    kind: z.literal('calls').describe('It has no check, and is judged on the calls of programs alone.'),
    vendor: vendorSaid.optional(),
    labels: target.shape.labels,
    severity: target.shape.severity,
    match: z
      .strictObject({
        method: z.string().optional(),
        host: z.string().optional(),
        path: z.string().optional(),
        operation: z.string().optional(),
      })
      .describe('Which calls belong to it: the regexes of calls:.'),
    state: z
      .enum(callsStates)
      .describe(
        'failing: the alert CallsErrorRateHigh fires; slow: CallsSlow does; silent: CallsMissing does; up: there are calls, and none of these fires; quiet: no call in the last ten minutes; unseen: no call since this process started; paused: its calls are counted but not judged.',
      ),
    since: time.optional().describe('Since when the alert fires; absent if none does.'),
    expectation: z.strictObject({
      maxLatencySeconds: seconds.optional().describe('For 95% of the calls; absent if there is no limit.'),
      maxErrorRatio: ratio,
    }),
    recent: z
      .strictObject({
        calls: z.int(),
        errors: z.int(),
        unknown: z.int().describe('Calls that do not say how they ended.'),
        overLimit: z.int().describe('Calls that took longer than expected.'),
        p95Seconds: seconds
          .optional()
          .describe('Of the calls that did not fail, within 1 %; absent if there was none.'),
      })
      .describe('The calls of the last ten minutes.'),
    lastCallAt: time.optional().describe('Absent if there was no call since this process started.'),
  }),
)

const callsDetail = named(
  'CallsTargetDetail',
  calls.extend({
    runbook: z.string().optional(),
    incidents: z.array(incident).describe('The newest first, at most 50, since this process started.'),
    commands,
  }),
)

export const targetsAnswer = named(
  'Targets',
  z.strictObject({ generatedAt: time, ...past, targets: z.array(z.union([target, calls, elsewhere])) }),
)

export const targetAnswer = named(
  'TargetAnswer',
  z.strictObject({ generatedAt: time, ...past, target: z.union([detail, callsDetail, elsewhere]) }),
)

export const formerTargetAnswer = named(
  'FormerTargetAnswer',
  z.strictObject({
    error: z.string().describe('One line.'),
    formerTarget: z.strictObject({
      name,
      noLongerWatchedSince: time.describe('Its last check.'),
      lastSucceeded: z.boolean().describe('Whether that check succeeded.'),
      days: target.shape.days,
      availability: target.shape.availability,
      incidents: z.array(incident).describe('The newest first, at most 50, of the last 90 days.'),
    }),
  }),
)

export const seriesAnswer = named(
  'Series',
  z.strictObject({
    ...past,
    target: name,
    from: time,
    to: time,
    resolution: z.enum(['checks', 'hours']).describe('Checks up to two days, else hours.'),
    stepSeconds: seconds.describe('The time that one point covers; 0 if it is one check.'),
    maxLatencySeconds: limit,
    points: z.array(
      z.strictObject({
        at: time,
        checks: z.int().describe('0: nothing was seen from here to the next point.'),
        failures: z.int(),
        p50Seconds: seconds.nullable().describe('Of checks that succeeded.'),
        maxSeconds: seconds.nullable().describe('Of all checks.'),
      }),
    ),
    marks: z.array(mark).describe('What has changed in it, the newest first.'),
  }),
)

export const incidentsAnswer = named(
  'Incidents',
  z.strictObject({ generatedAt: time, ...past, incidents: z.array(incident) }),
)

export const publicTargetsAnswer = named(
  'PublicTargets',
  z.strictObject({
    targets: z.array(
      z.strictObject({ name, state, days: z.array(z.strictObject({ day, availability, unobserved })) }),
    ),
  }),
)

export const errorAnswer = named('Error', z.strictObject({ error: z.string().describe('One line.') }))
