import { setImmediate as turn } from 'node:timers/promises'
import { joined, latencyOf, type Buckets } from '../../lib/latency-buckets.ts'
import type { Statements } from '../sql.ts'
import { bucketsOf } from './hours.ts'
import { dayMs, hourMs, iso } from './view.ts'

/** The median of the last 24 hours of a target, as it is seen from a location. Seconds; undefined where it is not known. */
export type MedianOf = (target: string, location: string) => number | undefined

export interface MediansAsked {
  /** Where this process probes from. */
  readonly location: string
  /** Unix time in milliseconds. */
  readonly now: number
}

/** Series that are read. */
const most = 20_000

/** Series that are read at a time: a day of each has 24 histograms, and checks must not wait for all of them to be parsed. */
const slice = 50

/**
 * The medians of all targets that are checked from several locations, or from others only. That is not read with every page: it is
 * much, and changes slowly.
 */
export async function readMedians(
  sql: Pick<Statements, 'query'>,
  { location, now }: MediansAsked,
): Promise<MedianOf> {
  const series = await sql.query<{ id: number; target: string; location: string }>(
    `select id, target, location from probity.series
     where last_at >= $1 and target in (select target from probity.series where last_at >= $1 and location <> $2)
     order by target, location limit ${most}`,
    [iso(now - dayMs), location],
  )
  const keys = new Map(series.map((one) => [one.id, keyOf(one.target, one.location)]))
  const histograms = new Map<string, Buckets>()
  const firstHour = iso((Math.floor(now / hourMs) - 23) * hourMs)
  for (let start = 0; start < series.length; start += slice) {
    const rows = await sql.query<{ id: number; latency: Record<string, number>[] }>(
      `select series_id as id, json_agg(latency) as latency from probity.hourly
       where series_id = any($1) and hour >= $2 group by series_id`,
      [series.slice(start, start + slice).map(({ id }) => id), firstHour],
    )
    for (const { id, latency } of rows) {
      const key = keys.get(id) ?? ''
      // A target has a series for each vendor that it has had.
      const known = histograms.get(key)
      histograms.set(key, joined([...(known ? [known] : []), ...latency.map(bucketsOf)]))
    }
    await turn()
  }
  const medians = new Map([...histograms].map(([key, buckets]) => [key, latencyOf(buckets).p50]))
  return (target, from) => medians.get(keyOf(target, from))
}

function keyOf(target: string, location: string): string {
  return `${target}\n${location}`
}
