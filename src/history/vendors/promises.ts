import { keepNewest, type KeepNewest, type KeepNewestOptions } from '../keep-newest.ts'
import type { Statements } from '../sql.ts'

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

export interface VendorKeeperOptions extends Pick<KeepNewestOptions<unknown>, 'log' | 'retryMs'> {
  readonly sql: Pick<Statements, 'query'>
}

/** Stores the newest promises in the background, and goes on trying while the database is away. */
export function keepVendors({ sql, ...options }: VendorKeeperOptions): KeepNewest<readonly Promised[]> {
  const keeper = keepNewest<readonly Promised[]>({
    ...options,
    what: 'the promises of vendors are not stored yet',
    write: (vendors) => writeVendors(sql, vendors),
  })
  return {
    ...keeper,
    set(vendors) {
      if (vendors.length > 0) keeper.set(vendors)
    },
  }
}
