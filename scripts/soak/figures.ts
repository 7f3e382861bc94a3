import pg from 'pg'
import { readAccounts } from './accounts.ts'
import { flapping, intervalSeconds, regular } from './files.ts'
import type { Judged, Told } from './model.ts'
import type { Samples } from './samples.ts'
import { lowest, rise, settled, type Point } from './slope.ts'
import type { Figure } from './verdict.ts'

export interface Observed {
  readonly seconds: number
  readonly checks: ReadonlyMap<string, { readonly count: number; readonly longest: number }>
  /** Since the start of the program, which is before what is measured. */
  readonly allChecks: number
  readonly samples: Samples
  readonly before: ReadonlyMap<string, number>
  readonly reloads: { readonly made: number; readonly refused: number }
  readonly judged: Judged
  readonly told: readonly Told[]
  /** Messages about other alerts: how many of each alert, target and status. */
  readonly others: ReadonlyMap<string, number>
  /** Messages that the receiver refused at first. */
  readonly refused: number
  readonly troubles: Readonly<Record<string, number>>
  readonly exitCode: number | null
  /** Solo's storage folder. */
  readonly storage: string
  readonly databaseUrl: string
}

const mib = 2 ** 20

/** Percent of the time that a machine may keep the program waiting, for its schedule to be judged. */
const mostWaited = 5

/** What a soak came to. */
export async function figuresOf(observed: Observed): Promise<Figure[]> {
  return [
    ...troubleFigures(observed),
    ...scheduleFigures(observed),
    ...alertFigures(observed),
    ...growthFigures(observed),
    ...(await historyFigures(observed)),
  ]
}

function troubleFigures({ troubles, seconds, refused, reloads, exitCode }: Observed): Figure[] {
  return [
    { what: 'measured', value: seconds / 60, unit: 'min' },
    ...Object.entries(troubles).map(([what, value]) => ({ what, value, unit: 'times' })),
    { what: 'messages refused at first', value: refused, unit: 'messages' },
    { what: 'reloads', value: reloads.made, unit: 'reloads' },
    { what: 'reloads that failed', value: reloads.refused, unit: 'reloads', atMost: 0 },
    { what: 'exit code at the end', value: exitCode ?? NaN, unit: '', atMost: 0 },
  ]
}

function scheduleFigures({ checks, seconds, samples, before }: Observed): Figure[] {
  const each = [...checks].filter(([target]) => target.startsWith('target-')).map(([, seen]) => seen)
  const made = each.reduce((sum, { count }) => sum + count, 0)
  const due = regular * Math.floor(seconds / intervalSeconds)
  const longest = each.map((one) => one.longest / 1000).sort((a, b) => a - b)
  const grown = (series: string): number => (samples.last().get(series) ?? NaN) - (before.get(series) ?? 0)
  const bucket = grown('probity_check_delay_seconds_bucket{le="0.25"}')
  const waited = 100 * samples.waited()
  const least: Figure[] = [
    { what: 'checks made of those due', value: (100 * made) / due, unit: '%', atLeast: 99 },
    {
      what: 'checks skipped',
      value: grown('probity_checks_skipped_total'),
      unit: 'checks',
      atMost: made / 1000,
    },
    {
      what: 'longest time between two checks of a target',
      value: longest.at(-1) ?? NaN,
      unit: 's',
      atMost: 3 * intervalSeconds,
    },
  ]
  return [
    { what: 'time in which it waited for a processor', value: waited, unit: '%' },
    ...least.map((figure) => onlyIfQuiet(figure, samples)),
    { what: 'targets checked', value: each.length, unit: 'targets', atLeast: regular },
    {
      what: 'checks begun at most 250 ms late',
      value: (100 * bucket) / grown('probity_check_delay_seconds_count'),
      unit: '%',
    },
    {
      what: 'longest time between two checks, of the median target',
      value: longest[longest.length >> 1] ?? NaN,
      unit: 's',
    },
    { what: 'event loop, longest delay', value: 1000 * samples.longestLag(), unit: 'ms' },
    { what: 'CPU', value: (100 * grown('process_cpu_seconds_total')) / seconds, unit: '% of one core' },
  ]
}

/** A machine that is busy with other work says nothing of the schedule, and makes checks time out. */
function onlyIfQuiet(figure: Figure, samples: Samples): Figure {
  if (100 * samples.waited() <= mostWaited) return figure
  const { what, value, unit } = figure
  return { what: `${what}, on a machine too busy to judge it`, value, unit }
}

function alertFigures({ judged, told, others, storage, samples }: Observed): Figure[] {
  const delays = judged.delays.toSorted((a, b) => a - b)
  const isFlapping = (alert: string): boolean => /^TargetFlapping flapping-\d+ firing$/.test(alert)
  const once = [...others].filter(([alert, count]) => isFlapping(alert) && count === 1).length
  const down = [...others].filter(([alert]) => alert.startsWith('TargetDown flapping-'))
  const unexpected = [...others.keys()].filter(
    (alert) => !isFlapping(alert) && !alert.startsWith('TargetDown flapping-'),
  )
  for (const line of [...judged.faults, ...unexpected].slice(0, 50))
    console.error(`unlike the model: ${line}`)
  const { logged, waiting } = readAccounts(storage)
  const givenUp = sumOf(samples.last(), /^probity_notifications_total\{channel="soak",result="failed"/)
  return [
    { what: 'messages due by the model', value: judged.due, unit: 'messages', atLeast: 1 },
    { what: 'messages about TargetDown', value: told.length, unit: 'messages' },
    { what: 'differences from the model', value: judged.faults.length, unit: 'alerts', atMost: 0 },
    onlyIfQuiet(
      { what: 'messages still waiting at the end', value: waiting, unit: 'messages', atMost: 0 },
      samples,
    ),
    // While this process stands still, nobody takes messages: in time they are given up.
    onlyIfQuiet({ what: 'messages given up', value: givenUp, unit: 'messages', atMost: 0 }, samples),
    {
      what: 'lines of TargetDown in the alerts log, minus messages sent or waiting',
      value: logged - told.length - waiting,
      unit: 'lines',
      // The end of what was given up is not sent, but both are in the log.
      atMost: 2 * givenUp,
      atLeast: 0,
    },
    { what: 'flapping targets told once', value: once, unit: 'targets', atLeast: flapping },
    onlyIfQuiet(
      {
        what: 'messages that a flapping target is down or not',
        value: down.reduce((sum, [, count]) => sum + count, 0),
        unit: 'messages',
        atMost: 0,
      },
      samples,
    ),
    { what: 'messages about other alerts', value: unexpected.length, unit: 'messages', atMost: 0 },
    {
      what: 'from the deciding check to the message, median',
      value: delays[delays.length >> 1] ?? NaN,
      unit: 'ms',
    },
    { what: 'the same, longest', value: delays.at(-1) ?? NaN, unit: 'ms' },
  ]
}

function sumOf(series: ReadonlyMap<string, number>, name: RegExp): number {
  return [...series].reduce((sum, [key, value]) => sum + (name.test(key) ? value : 0), 0)
}

/** Growth in the second half, in which nothing new is learned. */
function growthFigures({ samples: { points } }: Observed): Figure[] {
  const growth = (all: readonly Point[]): number => rise(lowest(settled(all), 20))
  const highest = (all: readonly Point[]): number => Math.max(...all.map(([, value]) => value))
  return [
    {
      what: 'heap after collections, growth in the second half',
      value: growth(points.heap) / mib,
      unit: 'MiB',
      atMost: 10,
    },
    {
      what: 'heap after collections, lowest of the second half',
      value: Math.min(...settled(points.heap).map(([, value]) => value)) / mib,
      unit: 'MiB',
    },
    { what: 'resident memory, growth in the second half', value: growth(points.resident) / mib, unit: 'MiB' },
    { what: 'resident memory, most', value: highest(points.resident) / mib, unit: 'MiB', atMost: 400 },
    {
      what: 'handles, growth in the second half',
      value: growth(points.handles),
      unit: 'handles',
      atMost: 10,
    },
    {
      what: 'descriptors, growth in the second half',
      value: growth(points.descriptors),
      unit: 'descriptors',
      atMost: 10,
    },
    { what: 'descriptors, most', value: highest(points.descriptors), unit: 'descriptors' },
  ]
}

async function historyFigures({ databaseUrl, samples, allChecks }: Observed): Promise<Figure[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query<{ stored: string }>(
    'select count(*) as stored from probity.probe_results',
  )
  await client.end()
  const last = samples.last()
  const written = last.get('probity_history_rows_written_total') ?? NaN
  const stored = Number(rows[0]?.stored)
  return [
    { what: 'rows stored', value: stored, unit: 'rows' },
    {
      what: 'rows acknowledged and not stored',
      value: Math.max(0, written - stored),
      unit: 'rows',
      atMost: 0,
    },
    // A check whose connection failed is stored, and no server has seen it.
    { what: 'checks made and not stored', value: Math.max(0, allChecks - stored), unit: 'rows', atMost: 0 },
    {
      what: 'rows dropped',
      value: last.get('probity_history_rows_dropped_total') ?? NaN,
      unit: 'rows',
      atMost: 0,
    },
  ]
}
