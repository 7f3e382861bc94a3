import { join } from 'node:path'
import { listedTargets, type Config } from '../config/config.ts'
import { openDurableMap, type DurableMap } from '../lib/io/durable-map.ts'
import type { Clock } from '../lib/time/clock.ts'
import { messageOf } from '../lib/errors.ts'
import { lockFolder } from '../lib/io/folder-lock.ts'
import type { Keeping } from '../lib/io/keeping.ts'
import type { Logger } from '../lib/logger.ts'
import type { SharedProbes } from '../exporter/shared-probes.ts'
import { createHeartbeats, type Heartbeats } from '../checks/heartbeat/heartbeats.ts'
import { readState, withTimes, type HeartbeatEvent, type HeartbeatState } from '../checks/heartbeat/state.ts'
import { shareHeartbeats, type SharedHeartbeats } from '../history/relay/shared-heartbeats.ts'
import type { Sql } from '../history/sql.ts'
import { createNumbered, type Ledger } from '../lib/numbered.ts'
import type { Timers } from '../lib/time/timers.ts'
import type { ProbeResult } from '../checks/result.ts'
import { createDataFolder } from '../lib/io/data-folder.ts'

/** Heartbeats, and where they are kept. */
export interface KeptHeartbeats extends Heartbeats {
  /** To be called with every configuration that comes into force. */
  readonly configChanged: (config: Config) => Promise<void>
  /** What two solos exchange. */
  readonly ledger: Ledger
  /** Safe to call twice. */
  readonly stop: () => Promise<void>
}

export interface HeartbeatsDependencies {
  readonly keeping: Keeping
  readonly clock: Clock
  readonly log: Logger
  /** Where other exporters store what they hear, and this one does too. Default: nowhere. */
  readonly sql?: Pick<Sql, 'query'> | undefined
  readonly timers: Timers
  /** Called when a job has reported something, here or elsewhere. */
  readonly onReport: (target: string, event: HeartbeatEvent) => void
}

interface Judging {
  readonly config: () => Config
  readonly probes: () => Pick<SharedProbes, 'last' | 'probe'>
  readonly log: Logger
}

/**
 * Judges a target as soon as its job reports something new, and not at the next check: somebody who has just mended a job sees that it
 * is up. A job that calls often and always says the same does not cause a check with each call.
 */
export function judgeNews({ config, probes, log }: Judging): HeartbeatsDependencies['onReport'] {
  return (name, event) => {
    const target = config().target(name)
    if (!target || target.paused || !isNews(event, probes().last(target)?.result)) return
    probes()
      .probe({ target, timeoutSeconds: target.timeout, again: true })
      .catch((error: unknown) => {
        log.debug(`${name} is judged at its next check: ${messageOf(error)}`)
      })
  }
}

function isNews({ type }: HeartbeatEvent, last: ProbeResult | undefined): boolean {
  if (last?.heartbeat?.lastCall === undefined) return true
  return type !== 'start' && type !== 'log' && last.success !== (type === 'success')
}

/**
 * Opens what is remembered of the jobs that call. Where it cannot be kept, a line in the log says so and it is remembered
 * until the process ends: a full disk must not end all watching.
 *
 * @param storagePath The folder of what outlives the process. Default: nothing does.
 */
export async function openHeartbeats(
  storagePath: string | undefined,
  { keeping, sql, clock, timers, log, onReport }: HeartbeatsDependencies,
): Promise<KeptHeartbeats> {
  const kept =
    storagePath === undefined ? undefined : await openMap(join(storagePath, 'heartbeats'), keeping, log)
  const heartbeats = createHeartbeats({
    clock,
    ...(kept && { map: kept.map }),
  })
  const said = createNumbered<readonly [target: string, state: HeartbeatState]>()
  for (const [target, state] of heartbeats.called()) said.put(target, [target, state])
  let shared: SharedHeartbeats | undefined

  /** What was heard elsewhere is judged as if it had come here. */
  function merge(target: string, state: HeartbeatState): HeartbeatState | undefined {
    const merged = heartbeats.merge(target, state)
    if (merged?.isNews) onReport(target, { type: merged.state.failed ? 'fail' : 'success', message: '' })
    return merged?.state
  }

  let expected = new Set<string>()
  return {
    ...heartbeats,
    async report(target, event) {
      await heartbeats.report(target, event)
      onReport(target, event)
      for (const [name, state] of heartbeats.called()) if (name === target) said.put(name, [name, state])
      shared?.reported(target)
    },
    async configChanged(config) {
      // What a job reports while its target is paused counts once it is watched again.
      const names = listedTargets(config)
        .filter(({ check }) => check.kind === 'heartbeat')
        .map(({ name }) => name)
      const gone = [...expected].filter((name) => !names.includes(name))
      expected = new Set(names)
      for (const name of gone) said.forget(name)
      await heartbeats.expect(names)
      shared?.expect(gone)
      shared ??= sql && shareHeartbeats({ sql, called: heartbeats.called, merge, timers, log })
    },
    ledger: {
      since: said.since,
      merge(entries, offset) {
        for (const entry of entries) {
          const [target, json] = Array.isArray(entry) ? (entry as unknown[]) : []
          const state = readState(json)
          if (typeof target === 'string' && state)
            merge(
              target,
              withTimes(state, (time) => time + offset),
            )
        }
      },
    },
    async stop() {
      await shared?.stop()
      await kept?.close()
    },
  }
}

interface KeptMap {
  readonly map: DurableMap
  readonly close: () => Promise<void>
}

async function openMap(folder: string, keeping: Keeping, log: Logger): Promise<KeptMap | undefined> {
  try {
    await createDataFolder(folder)
    const lock = await lockFolder(folder)
    try {
      const map = await openDurableMap({
        path: join(folder, 'state.jsonl'),
        report: keeping.file('heartbeats/state.jsonl'),
      })
      const close = async (): Promise<void> => {
        await map.close()
        await lock.release()
      }
      return { map, close }
    } catch (error) {
      await lock.release()
      throw error
    }
  } catch (error) {
    log.warn(`heartbeats are in memory only, and are lost when this process ends: ${messageOf(error)}`)
    return undefined
  }
}
