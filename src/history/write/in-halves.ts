import { isRefusal } from './refusal.ts'

export interface InHalvesOptions<Row> {
  /** Stores rows, all or none. @throws Anything. */
  readonly insert: (rows: readonly Row[]) => Promise<void>
  /** Rows that are stored. */
  readonly stored: (rows: readonly Row[]) => void
  /** One that the database refuses. */
  readonly refused: (row: Row, error: unknown) => void
}

/**
 * Stores rows. Those that the database refuses are found by halving, so that they take no others with them.
 *
 * @throws What `insert` throws that is not a refusal; some of the rows are stored then.
 */
export async function insertInHalves<Row>(
  rows: readonly Row[],
  options: InHalvesOptions<Row>,
): Promise<void> {
  const { insert, stored, refused } = options
  try {
    await insert(rows)
  } catch (error) {
    if (!isRefusal(error)) throw error
    const [only] = rows
    if (rows.length === 1 && only) {
      refused(only, error)
      return
    }
    const half = rows.length >> 1
    await insertInHalves(rows.slice(0, half), options)
    await insertInHalves(rows.slice(half), options)
    return
  }
  stored(rows)
}
