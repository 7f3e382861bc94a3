import { messageOf } from '../lib/errors.ts'
import type { Logger } from '../lib/logger.ts'
import type { Statements } from './sql.ts'

/** What a vendor promises, for readers of the database who do not have the configuration. */
export interface Promised {
  readonly name: string
  /** 0 to 1. */
  readonly sla?: number
  /** Whether time in maintenance counts neither as up nor as down. Default false. */
  readonly slaExcludesMaintenance?: boolean
  readonly url?: string
}

const upsert = `
  insert into probity.vendors as known (name, sla, excludes_maintenance, url)
  select name, sla, coalesce("slaExcludesMaintenance", false), url
  from json_to_recordset($1::json) as given(name text, sla double precision, "slaExcludesMaintenance" boolean, url text)
  order by name
  on conflict (name) do update
  set sla = excluded.sla, excludes_maintenance = excluded.excludes_maintenance, url = excluded.url
  where (known.sla, known.excludes_maintenance, known.url)
    is distinct from (excluded.sla, excluded.excludes_maintenance, excluded.url)`

/**
 * Stores what vendors promise. Those that are not named keep their promise: other processes may have other configurations.
 *
 * @throws Whatever the database said.
 */
export async function writeVendors(
  sql: Pick<Statements, 'query'>,
  vendors: readonly Promised[],
): Promise<void> {
  await sql.query(upsert, [JSON.stringify(vendors)])
}

export interface VendorKeeperOptions {
  readonly sql: Pick<Statements, 'query'>
  readonly log: Logger
  /** Milliseconds until the next attempt, where the database was away. Default 10 s. */
  readonly retryMs?: number
}

/** Stores the newest promises in the background. */
export interface VendorKeeper {
  /** Never waits, never throws. */
  readonly set: (vendors: readonly Promised[]) => void
  /** What is not stored by then is left: the next start stores it. */
  readonly stop: () => void
}

/** Goes on trying while the database is away. */
export function keepVendors({ sql, log, retryMs = 10_000 }: VendorKeeperOptions): VendorKeeper {
  let wanted: readonly Promised[] | undefined
  let writing: Promise<void> | undefined
  let failed = false
  let timer: NodeJS.Timeout | undefined

  async function write(): Promise<void> {
    while (wanted) {
      const vendors = wanted
      await writeVendors(sql, vendors)
      failed = false
      // Others may have come meanwhile.
      if (wanted === vendors) wanted = undefined
    }
  }

  function start(): void {
    clearTimeout(timer)
    writing ??= write()
      .catch((error: unknown) => {
        if (!wanted) return
        if (!failed)
          log.warn(
            { error: messageOf(error) },
            'history: the promises of vendors are not stored yet, trying again',
          )
        failed = true
        timer = setTimeout(start, retryMs)
        timer.unref()
      })
      .finally(() => {
        writing = undefined
      })
  }

  return {
    set(vendors) {
      if (vendors.length === 0) return
      wanted = vendors
      start()
    },
    stop() {
      wanted = undefined
      clearTimeout(timer)
    },
  }
}
