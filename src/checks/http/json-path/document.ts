import { randomBytes } from 'node:crypto'
import { Decimal } from '../../../lib/text/decimal.ts'

/** Levels of nesting. Only somebody who wants to exhaust a stack nests deeper. */
const maxDepth = 1000

/** Values of a document: each may take some hundred bytes of memory and some microseconds, whatever it takes of the text. */
const maxValues = 1_000_000

/**
 * A document, with a {@link Decimal} for each number that a double would write differently; or the words for what the text
 * is instead: no JSON, or too much of it.
 */
export type Parsed = { readonly document: unknown } | { readonly problem: string; readonly tooMuch: boolean }

const [quote, backslash, comma, minus, zero, nine] = [0x22, 0x5c, 0x2c, 0x2d, 0x30, 0x39]
const opening = new Set([0x5b, 0x7b])
const closing = new Set([0x5d, 0x7d])

/** A number at the position from which it is searched. */
const numberHere = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y

/** Where in a text a number stands that a double would write differently. */
interface Inexact {
  readonly start: number
  readonly end: number
}

/** Parses JSON of a bounded size and depth. The words of the parser would quote the text. */
export function parseDocument(text: string): Parsed {
  const inexact: Inexact[] = []
  const problem = scan(text, inexact)
  if (problem !== undefined) return { problem, tooMuch: true }
  try {
    return { document: parseWith(text, inexact) }
  } catch {
    return { problem: text.trim() === '' ? 'an empty one' : 'something else', tooMuch: false }
  }
}

/**
 * Looks for what is not exact, and for what is too much, before anything is made of a text.
 *
 * @returns What is too much of it.
 */
function scan(text: string, inexact: Inexact[]): string | undefined {
  let depth = 0
  let values = 1
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) at = endOfText(text, at)
    else if (code === comma) values++
    else if (code === minus || (code >= zero && code <= nine)) {
      const end = endOfNumber(text, at)
      const source = text.slice(at, end)
      if (String(Number(source)) !== source) inexact.push({ start: at, end })
      at = end - 1
    } else if (opening.has(code)) {
      values++
      if (++depth > maxDepth) return `one that nests deeper than ${maxDepth.toLocaleString('en')} levels`
    } else if (closing.has(code)) depth--
    if (values > maxValues) return `one of more than ${maxValues.toLocaleString('en')} values`
  }
  return undefined
}

/** Where the quote is that ends a text. */
function endOfText(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let escapes = 0
    while (text.charCodeAt(at - 1 - escapes) === backslash) escapes++
    if (escapes % 2 === 0) return at
  }
  return text.length
}

/** The end of a number, behind it; of a sign without one, behind the sign. */
function endOfNumber(text: string, start: number): number {
  numberHere.lastIndex = start
  return numberHere.test(text) ? numberHere.lastIndex : start + 1
}

/** Parses text that is known to be JSON. */
export function parseExactly(text: string): unknown {
  const inexact: Inexact[] = []
  scan(text, inexact)
  return parseWith(text, inexact)
}

/** Parses JSON with its inexact numbers as texts, which nobody else can have written: they begin at random. */
function parseWith(text: string, inexact: readonly Inexact[]): unknown {
  // As it stands first: a number where none is allowed must not become a text that is.
  const document: unknown = JSON.parse(text)
  if (inexact.length === 0) return document
  const mark = randomBytes(12).toString('base64url')
  let marked = ''
  let last = 0
  for (const { start, end } of inexact) {
    marked += `${text.slice(last, start)}"${mark}${text.slice(start, end)}"`
    last = end
  }
  return JSON.parse(marked + text.slice(last), (_name, value: unknown) =>
    typeof value === 'string' && value.startsWith(mark) ? new Decimal(value.slice(mark.length)) : value,
  )
}
