import {
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import type { Path } from '../../../settings/path.ts'

/** Values to write for one target, in the words of the file: `alert_after: 4`. */
export interface Edit {
  /** The way to the target from the root of the document. */
  readonly at: Path
  /** Keys of the target itself. */
  readonly own: Readonly<Record<string, string>>
  /** Keys of its `expect:`. */
  readonly expect: Readonly<Record<string, string>>
}

/** A piece of the text that is replaced. Offsets are those of the text before all edits. */
interface Splice {
  readonly from: number
  readonly to: number
  readonly text: string
}

/**
 * Writes values into a text of YAML, and leaves every other character as it is: comments, order, quotes.
 *
 * @returns The new text, and the edits whose values do not stand where they could be written, such as behind an alias.
 */
export function editYaml(
  text: string,
  edits: readonly Edit[],
): { readonly text: string; readonly impossible: readonly Edit[] } {
  const document = parseDocument(text, { schema: 'core', logLevel: 'silent' })
  if (document.errors.length > 0) return { text, impossible: edits }
  const writer = { text, eol: text.includes('\r\n') ? '\r\n' : '\n' }
  const found = edits.map((edit) => ({ edit, splices: splicesFor(edit, document, writer) }))
  const splices = found.flatMap((one) => one.splices ?? []).sort((a, b) => a.from - b.from)
  const parts: string[] = []
  let end = 0
  for (const { from, to, text: inserted } of splices) {
    parts.push(text.slice(end, from), inserted)
    end = to
  }
  parts.push(text.slice(end))
  return {
    text: parts.join(''),
    impossible: found.flatMap(({ edit, splices: own }) => (own === undefined ? [edit] : [])),
  }
}

function splicesFor({ at, own, expect }: Edit, document: Document, writer: Writer): Splice[] | undefined {
  const node = document.getIn(at, true)
  const parent = document.getIn(at.slice(0, -1), true)
  if (isMap(node)) return editMap(node, { own, expect }, writer)
  // Deeper down are the lists of plain URLs that Prometheus reads, too.
  if (!isScalar(node) || !isSeq(parent) || at.length > 2) return undefined
  return fromShort(node, parent.flow === true, { own, expect }, writer)
}

interface Writer {
  readonly text: string
  readonly eol: string
}

type Values = Pick<Edit, 'own' | 'expect'>

/** A plain URL becomes a mapping: it is its own name. */
function fromShort(node: Scalar, flow: boolean, values: Values, { text, eol }: Writer): Splice[] {
  const [from = 0, to = from] = node.range ?? []
  const url = text.slice(from, to)
  const lines = [`name: ${url}`, `url: ${url}`, ...linesOf(values)]
  if (flow) return [{ from, to, text: `{ ${lines.join(', ')} }` }]
  return [{ from, to, text: lines.join(eol + ' '.repeat(columnOf(text, from))) }]
}

function linesOf({ own, expect }: Values): string[] {
  const inner = asPairs(expect)
  return [...asPairs(own), ...(inner.length > 0 ? [`expect: { ${inner.join(', ')} }`] : [])]
}

function asPairs(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).map(([key, value]) => `${key}: ${value}`)
}

function editMap(map: YAMLMap, { own, expect }: Values, writer: Writer): Splice[] | undefined {
  const splices: Splice[] = []
  const missing: { own: Record<string, string>; expect: Record<string, string> } = { own: {}, expect: {} }
  for (const [key, value] of Object.entries(own)) {
    const pair = pairOf(map, key)
    if (!pair) missing.own[key] = value
    else if (!replace(pair, value, splices)) return undefined
  }
  const inner = pairOf(map, 'expect')
  if (!inner) missing.expect = { ...expect }
  else if (Object.keys(expect).length > 0) {
    if (!isMap(inner.value) || !editExpect(inner.value, expect, splices, writer)) return undefined
  }
  const lines = linesOf(missing)
  if (lines.length === 0) return splices
  const place = insertionAfter(map, writer)
  return place && [...splices, place(lines)]
}

function editExpect(
  map: YAMLMap,
  values: Readonly<Record<string, string>>,
  splices: Splice[],
  { text, eol }: Writer,
): boolean {
  const missing: Record<string, string> = {}
  for (const [key, value] of Object.entries(values)) {
    const pair = pairOf(map, key)
    if (!pair) missing[key] = value
    else if (!replace(pair, value, splices)) return false
  }
  const first = startOf(map.items[0])
  const lines = asPairs(missing)
  if (lines.length === 0) return true
  if (first === undefined) return false
  const separator = map.flow === true ? ', ' : eol + ' '.repeat(columnOf(text, first))
  splices.push({ from: first, to: first, text: lines.map((line) => line + separator).join('') })
  return true
}

function replace(pair: Pair, value: string, splices: Splice[]): boolean {
  const node = pair.value
  if (!isScalar(node) || node.anchor !== undefined || !node.range || node.source === '') return false
  splices.push({ from: node.range[0], to: node.range[1], text: value })
  return true
}

/** Behind the last value that ends on its own line. */
function insertionAfter(map: YAMLMap, { text, eol }: Writer): ((lines: string[]) => Splice) | undefined {
  const ends = map.items.flatMap(({ value }) =>
    isScalar(value) && value.range && value.source !== '' ? [value.range] : [],
  )
  const range = ends.findLast(([from, to]) => !text.slice(from, to).includes('\n'))
  const first = startOf(map.items[0])
  if (!range || first === undefined) return undefined
  if (map.flow === true) return (lines) => ({ from: range[1], to: range[1], text: `, ${lines.join(', ')}` })
  const newline = text.indexOf('\n', range[1])
  const end = newline === -1 ? text.length : text[newline - 1] === '\r' ? newline - 1 : newline
  const indent = eol + ' '.repeat(columnOf(text, first))
  return (lines) => ({ from: end, to: end, text: lines.map((line) => indent + line).join('') })
}

function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key)
}

function startOf(pair: Pair | undefined): number | undefined {
  return (pair?.key as Scalar | undefined)?.range?.[0]
}

function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1)
}
