import { setImmediate as turn } from 'node:timers/promises'
import { ProbeFailure } from '../../../net/failure.ts'
import { jsonOf, maxRows, type Meaning, type Rows } from '../rows.ts'
import { Fields, strange, type Packets } from './packets.ts'
import { codeOfError, refusal } from './refusal.ts'

const command = { query: 0x03 } as const

/** First byte of an answer; anything else is the number of columns. */
const kind = { ok: 0x00, file: 0xfb, end: 0xfe, error: 0xff } as const

/** The end of a list has at most these bytes: a row may begin with the same one. */
const maxEnd = 8

const maxColumns = 1000

/** https://dev.mysql.com/doc/dev/mysql-server/latest/field__types_8h.html */
const numbers: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 8, 9, 13, 246])
const json = 245

interface Column {
  readonly name: string
  readonly meaning: Meaning
}

/**
 * Makes a setting of the session.
 *
 * @param ignored The number of an error that does not matter.
 * @throws ProbeFailure `status` for another error.
 */
export async function set(packets: Packets, statement: string, ignored?: number): Promise<void> {
  await packets.ask(command.query, statement)
  const answer = await packets.read()
  if (answer[0] === kind.ok) return
  if (answer[0] !== kind.error) throw strange()
  if (codeOfError(answer) !== ignored) throw refusal(answer)
}

/**
 * Makes a query. Its answer has to be read to the end or the connection given up.
 * https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_com_query_response.html
 *
 * @throws ProbeFailure `status` for an error and for a statement without rows, `protocol` for what is not an answer.
 */
export async function query(packets: Packets, text: string): Promise<Rows> {
  await packets.ask(command.query, text)
  const head = await packets.read()
  switch (head[0]) {
    case kind.error:
      throw refusal(head)
    case kind.ok:
      throw new ProbeFailure(
        'status',
        'the query has no rows: one that has rows is expected, such as select or show',
      )
    case kind.file:
      throw new ProbeFailure('protocol', 'the server asks for a file of this machine, which it does not get')
  }
  return readRows(packets, await readColumns(packets, new Fields(head).number() ?? 0))
}

async function readColumns(packets: Packets, count: number): Promise<Column[]> {
  if (count === 0 || count > maxColumns)
    throw new ProbeFailure('size', `the rows have more than ${maxColumns} columns`)
  const columns: Column[] = []
  while (columns.length < count) columns.push(columnOf(await packets.read()))
  if (!isEnd(await packets.read())) throw strange()
  return columns
}

/** Catalogue, schema, table, its name in the query, its own name, the column, its own name; then 12 bytes, the type among them. */
function columnOf(packet: Buffer): Column {
  const fields = new Fields(packet)
  const texts = Array.from({ length: 6 }, () => fields.text() ?? '')
  const type = fields.bytes(13)[7] ?? 0
  return { name: texts[4] ?? '', meaning: type === json ? 'json' : numbers.has(type) ? 'number' : 'text' }
}

async function readRows(packets: Packets, columns: readonly Column[]): Promise<Rows> {
  let first: string | undefined
  for (let count = 0; ; count++) {
    const packet = await packets.read()
    if (packet[0] === kind.error) throw refusal(packet)
    const ended = isEnd(packet)
    if (ended || count === maxRows) return { count, more: !ended, ...(first !== undefined && { first }) }
    if (count === 0) first = rowOf(packet, columns)
    // Many rows may have arrived at once: others have to get their turn.
    if (count % 100 === 99) await turn()
  }
}

function rowOf(packet: Buffer, columns: readonly Column[]): string {
  const fields = new Fields(packet)
  return jsonOf(columns.map((column) => ({ ...column, text: fields.text() })))
}

function isEnd(packet: Buffer): boolean {
  return packet[0] === kind.end && packet.length <= maxEnd
}
