import pg from 'pg'
import { sqlDashboards, panelsOf, type PanelJson } from './grafana.ts'

/** What Grafana's PostgreSQL data source does with a query before it asks, without a Grafana. */

export interface SqlRange {
  /** Unix time in milliseconds. */
  readonly from: number
  readonly to: number
}

/** What is chosen on a dashboard. */
export interface SqlChoice extends SqlRange {
  readonly vendors: readonly string[]
  /** `utc`, an IANA name, or `browser` where Grafana could not find out. */
  readonly timeZone: string
}

export interface SqlQuery {
  readonly panel: PanelJson
  readonly name: string
  readonly format: string
  readonly sql: string
}

/** Every query of every panel of the dashboards that read the history. */
export const sqlQueries: readonly SqlQuery[] = sqlDashboards.flatMap((dashboard) =>
  panelsOf(dashboard).flatMap((panel) =>
    (panel.targets ?? []).map(({ refId, rawSql = '', format = '' }) => ({
      panel,
      name: `${dashboard.title}, ${panel.title}, ${refId}`,
      format,
      sql: rawSql,
    })),
  ),
)

/**
 * Puts values in the place of macros and variables, as the data source of Grafana 13 does: `$__timeFrom()` becomes a quoted
 * moment, `${name:sqlstring}` the quoted values, with commas between them.
 */
export function interpolateSql(sql: string, { from, to, vendors, timeZone }: SqlChoice): string {
  const values = new Map([
    ['vendor', vendors],
    ['__timezone', [timeZone]],
  ])
  return sql
    .replaceAll('$__timeFrom()', `'${new Date(from).toISOString()}'`)
    .replaceAll('$__timeTo()', `'${new Date(to).toISOString()}'`)
    .replaceAll(/\$\{(\w+):sqlstring\}/g, (written, name: string) => {
      const chosen = values.get(name)
      if (!chosen) throw new Error(`no value for ${written} in: ${sql}`)
      return chosen.map((value) => `'${value.replaceAll("'", "''")}'`).join(',')
    })
}

/** Types of columns, as Grafana tells them apart. */
export type ColumnType = 'number' | 'time' | 'text'

export interface SqlAnswer {
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[]
  readonly rows: readonly Readonly<Record<string, number | string | Date | null>>[]
}

const { builtins } = pg.types
const typeOf = new Map<number, ColumnType>([
  [builtins.INT2, 'number'],
  [builtins.INT4, 'number'],
  [builtins.INT8, 'number'],
  [builtins.FLOAT8, 'number'],
  [builtins.NUMERIC, 'number'],
  [builtins.TIMESTAMPTZ, 'time'],
  [builtins.TEXT, 'text'],
])

/** Asks the database what Grafana would. Columns of other types than Grafana's are errors. */
export async function askSql(
  client: Pick<pg.Client, 'query'>,
  sql: string,
  choice: SqlChoice,
): Promise<SqlAnswer> {
  const { fields, rows } = await client.query<Record<string, string | number | Date | null>>(
    interpolateSql(sql, choice),
  )
  const columns = fields.map(({ name, dataTypeID }) => {
    const type = typeOf.get(dataTypeID)
    if (!type) throw new Error(`column ${name} has type ${dataTypeID}`)
    return { name, type }
  })
  return {
    columns,
    rows: rows.map((row) =>
      Object.fromEntries(
        columns.map(({ name, type }) => {
          const value = row[name] ?? null
          // The driver has large numbers as text.
          return [name, type === 'number' && value !== null ? Number(value) : value]
        }),
      ),
    ),
  }
}
