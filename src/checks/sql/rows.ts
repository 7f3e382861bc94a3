/** Rows that are read: a check looks at the first of them, and counts the others. */
export const maxRows = 1000

/** Bytes that are taken in. */
export const maxBytes = 4 * 1024 * 1024

/** What is read of the rows of a query. */
export interface Rows {
  /** At most {@link maxRows}. */
  readonly count: number
  /** Whether there are more. */
  readonly more: boolean
  /** The first row as JSON, by the names of its columns; absent without any. */
  readonly first?: string
}

/** What a text of the server stands for. */
export type Meaning = 'text' | 'number' | 'boolean' | 'json'

/** One value of a row. */
export interface Cell {
  readonly name: string
  /** Null: NULL. */
  readonly text: string | null
  readonly meaning: Meaning
}

/** A number as JSON has it: `007` and `NaN` are text. */
const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/

/** A row as JSON. Numbers stay as they are written, so that none is rounded. */
export function jsonOf(row: readonly Cell[]): string {
  return `{${row.map((cell) => `${JSON.stringify(cell.name)}:${valueOf(cell)}`).join(',')}}`
}

function valueOf({ text, meaning }: Cell): string {
  if (text === null) return 'null'
  if (meaning === 'boolean') return String(text === 't')
  if (meaning === 'json') return text
  return meaning === 'number' && number.test(text) ? text : JSON.stringify(text)
}
