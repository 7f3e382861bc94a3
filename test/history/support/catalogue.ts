import type { Sql } from '../../../src/history/sql.ts'

/** What the system tables say of the schema `probity`, by kind: one row each, as text. */
const kinds: Readonly<Record<string, string>> = {
  relations: `
    select concat_ws(' ', relname, relkind, relpersistence, pg_get_partkeydef(oid), reloptions)
    from pg_class where relnamespace = 'probity'::regnamespace`,
  columns: `
    select concat_ws(' ', attrelid::regclass, attname, attnum, format_type(atttypid, atttypmod), 'not null', attnotnull,
      'identity', attidentity, 'generated', attgenerated, 'collation', attcollation, pg_get_expr(adbin, adrelid))
    from pg_attribute
    join pg_class on pg_class.oid = attrelid and relnamespace = 'probity'::regnamespace
    left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where attnum > 0 and not attisdropped`,
  constraints: `
    select concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid))
    from pg_constraint where connamespace = 'probity'::regnamespace`,
  indexes: `select indexdef from pg_indexes where schemaname = 'probity'`,
  views: `select concat_ws(' ', viewname, definition) from pg_views where schemaname = 'probity'`,
  functions: `
    select pg_get_functiondef(oid) from pg_proc where pronamespace = 'probity'::regnamespace and prokind <> 'a'`,
  aggregates: `
    select concat_ws(' ', aggfnoid::regprocedure, aggtransfn, aggtranstype::regtype, agginitval)
    from pg_aggregate join pg_proc on pg_proc.oid = aggfnoid where pronamespace = 'probity'::regnamespace`,
  triggers: `
    select pg_get_triggerdef(pg_trigger.oid) from pg_trigger
    join pg_class on pg_class.oid = tgrelid where relnamespace = 'probity'::regnamespace`,
  comments: `
    select concat_ws(' ', pg_describe_object(classoid, objoid, objsubid), description) from pg_description
    where pg_describe_object(classoid, objoid, objsubid) like '%probity%'`,
}

/** Everything that is in the schema, in the database's own words; rows are left out. */
export async function catalogueOf(sql: Sql): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  for (const [kind, query] of Object.entries(kinds)) {
    const rows = await sql.query<{ line: string }>(`select line from (${query}) found(line) order by line`)
    found[kind] = rows.map(({ line }) => line)
  }
  return found
}
