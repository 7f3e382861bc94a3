/** Levels of nesting. Only somebody who wants to exhaust a stack nests deeper. */
const maxDepth = 1000

/** Values of a document: each may take some hundred bytes of memory and some microseconds, whatever it takes of the text. */
const maxValues = 1_000_000

/** A document, or the words for what the text is instead: no JSON, or too much of it. */
export type Parsed = { readonly document: unknown } | { readonly problem: string; readonly tooMuch: boolean }

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c]
const opening = new Set([0x5b, 0x7b])
const closing = new Set([0x5d, 0x7d])

/** Parses JSON of a bounded size and depth. The words of the parser would quote the text. */
export function parseDocument(text: string): Parsed {
  const problem = excess(text)
  if (problem !== undefined) return { problem, tooMuch: true }
  try {
    return { document: JSON.parse(text) as unknown }
  } catch {
    return { problem: text.trim() === '' ? 'an empty one' : 'something else', tooMuch: false }
  }
}

/** What is too much of a text, before anything is made of it. */
function excess(text: string): string | undefined {
  let depth = 0
  let values = 1
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) at = endOfText(text, at)
    else if (code === comma) values++
    else if (opening.has(code)) {
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
