import { isDeepStrictEqual } from 'node:util'
import { readState, type HeartbeatState } from '../../checks/heartbeat/state.ts'
import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Timers } from '../../lib/time/timers.ts'
import { within } from '../../lib/time/within.ts'
import type { Sql } from '../sql.ts'

export interface ShareHeartbeatsOptions {
  readonly sql: Pick<Sql, 'query'>
  /** What this exporter knows of the jobs that have called. */
  readonly called: () => readonly (readonly [target: string, state: HeartbeatState])[]
  /** Takes what others have heard. @returns What is known now; undefined for a target that is not expected here. */
  readonly merge: (target: string, state: HeartbeatState) => HeartbeatState | undefined
  readonly timers: Timers
  readonly log: Logger
}

/** What several exporters have heard of jobs, in the table that they share. */
export interface SharedHeartbeats {
  /** The job of a target has called here. */
  readonly reported: (target: string) => void
  /** There is a new configuration. @param gone The targets that are not expected any more: a later job of the name is another one. */
  readonly expect: (gone: readonly string[]) => void
  /** Writes what is not written yet, if the database is there. */
  readonly stop: () => Promise<void>
}

/** Milliseconds between two looks at what others have written. */
const everyMs = 2000
/** Milliseconds from a call until it is written: those of others that come meanwhile are written with it. */
const soonMs = 50
/** Milliseconds that the last look may take. */
const lastMs = 2000

interface Row {
  readonly target: string
  readonly state: string
  readonly version: string
  readonly changed_at: string
}

/** Half a minute more than is new: a change is seen when it is committed, which may be later than that of one that began after it. */
const readSql = `select target, state::text as state, version::text as version, changed_at::text as changed_at from probity.heartbeats
  where $1::timestamptz is null or changed_at > $1::timestamptz - interval '30 seconds' order by changed_at`

/** Not where another exporter has written meanwhile: the next look has both. */
const writeSql = `insert into probity.heartbeats as old (target, state) values ($1, $2::jsonb)
  on conflict (target) do update set state = excluded.state, version = old.version + 1, changed_at = clock_timestamp()
  where old.version = $3::bigint returning version::text as version`

/**
 * Writes and reads in the background, one round at a time. While the database is away, this exporter goes on alone; then it reads
 * everything, and writes what the others lack.
 */
export function shareHeartbeats({
  sql,
  called,
  merge,
  timers,
  log,
}: ShareHeartbeatsOptions): SharedHeartbeats {
  const versions = new Map<string, string>()
  const unwritten = new Set<string>()
  const removed = new Set<string>()
  /** The newest change that was read; nothing where everything has to be read. */
  let seen: string | undefined
  let failed = false
  let running: Promise<void> | undefined
  let stopped = false
  let cancel = (): void => undefined

  async function read(): Promise<void> {
    const isWhole = seen === undefined
    const rows = await sql.query<Row>(readSql, [seen ?? null])
    if (isWhole) {
      const there = new Set(rows.map(({ target }) => target))
      for (const [target] of called()) if (!there.has(target)) unwritten.add(target)
    }
    for (const { target, state: text, version, changed_at: changedAt } of rows) {
      seen = changedAt
      if (versions.get(target) === version) continue
      versions.set(target, version)
      const theirs = readState(JSON.parse(text))
      const ours = theirs && merge(target, theirs)
      if (ours && !isDeepStrictEqual({ ...ours, since: 0 }, { ...theirs, since: 0 })) unwritten.add(target)
    }
  }

  async function write(): Promise<void> {
    const states = new Map(called())
    for (const target of [...unwritten]) {
      const state = states.get(target)
      unwritten.delete(target)
      if (!state) continue
      try {
        const json = JSON.stringify(state)
        const [row] = await sql.query<Pick<Row, 'version'>>(writeSql, [
          ...[target, json, versions.get(target) ?? '0'],
        ])
        if (row) versions.set(target, row.version)
        else unwritten.add(target)
      } catch (error) {
        unwritten.add(target)
        throw error
      }
    }
  }

  async function remove(): Promise<void> {
    const targets = [...removed]
    if (targets.length === 0) return
    await sql.query('delete from probity.heartbeats where target = any($1::text[])', [targets])
    for (const target of targets) {
      removed.delete(target)
      versions.delete(target)
    }
  }

  async function round(): Promise<void> {
    try {
      await remove()
      await read()
      await write()
      if (failed) log.info('heartbeats are exchanged again')
      failed = false
    } catch (error) {
      seen = undefined
      versions.clear()
      if (!failed && !stopped) log.warn(`heartbeats are not exchanged: ${messageOf(error)}`)
      failed = true
    }
  }

  function next(milliseconds: number): void {
    cancel()
    if (stopped) return
    cancel = timers.after(milliseconds, () => {
      running ??= round().finally(() => {
        running = undefined
        next(unwritten.size > 0 && !failed ? soonMs : everyMs)
      })
    })
  }

  next(0)
  return {
    reported(target) {
      unwritten.add(target)
      if (!failed) next(soonMs)
    },
    expect(gone) {
      for (const target of gone) removed.add(target)
      // Others may have heard of those that are new.
      seen = undefined
      versions.clear()
      next(soonMs)
    },
    async stop() {
      stopped = true
      cancel()
      await within(
        (async () => {
          await running
          if (unwritten.size > 0) await round()
        })(),
        lastMs,
        () => undefined,
      )
    },
  }
}
