import { CST, Lexer } from 'yaml'

/** Levels of nesting: a target has six at most. */
export const maxDepth = 50

const [newline, space, dash, question, colon] = [0x0a, 0x20, 0x2d, 0x3f, 0x3a]
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d]

/** What the lexer inserts, which is not in the text. */
const marks = new Set([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR])

/**
 * Where a document is nested too deeply, found before it is parsed: the parser calls itself once for each level, and a deep
 * document would end the process.
 *
 * @returns The offset of what is one level too deep; undefined where nothing is.
 */
export function tooDeepAt(text: string): number | undefined {
  return looksDeep(text) ? findTooDeep(text) : undefined
}

/** A quick look that misses nothing, so that only odd documents are read twice. */
function looksDeep(text: string): boolean {
  let flow = 0
  /** What may open levels of block style in this line: each of them needs a column, or an indicator. */
  let indent = 0
  let indicators = 0
  let atStart = true
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === newline) {
      indent = 0
      indicators = 0
      atStart = true
    } else if (code === space && atStart) indent += 1
    else {
      atStart = false
      if (code === dash || code === question || code === colon) indicators += 1
      else if (code === openBracket || code === openBrace) flow += 1
      else if (flow > 0 && (code === closeBracket || code === closeBrace)) flow -= 1
    }
    if (flow > maxDepth || indent + indicators > maxDepth) return true
  }
  return false
}

function findTooDeep(text: string): number | undefined {
  let offset = 0
  let lineStart = 0
  let flow = 0
  /** Columns at which the open levels of block style began. */
  const blocks: number[] = []
  let valuesInLine = 0
  for (const token of new Lexer().lex(text)) {
    const column = offset - lineStart
    switch (CST.tokenType(token)) {
      case 'newline':
        lineStart = offset + token.length
        valuesInLine = 0
        break
      case 'flow-map-start':
      case 'flow-seq-start':
        flow += 1
        break
      case 'flow-map-end':
      case 'flow-seq-end':
        flow = Math.max(0, flow - 1)
        break
      case 'seq-item-ind':
      case 'explicit-key-ind':
      case 'scalar':
        if (flow === 0) {
          while (blocks.length > 0 && (blocks.at(-1) ?? 0) >= column) blocks.pop()
          blocks.push(column)
        }
        break
      case 'map-value-ind':
        if (flow === 0) valuesInLine += 1
        break
      default:
    }
    // The document itself does not count as a level, as in the paths of values.
    if (flow + Math.max(blocks.length, valuesInLine) > maxDepth + 1) return offset
    if (!marks.has(token)) offset += token.length
  }
  return undefined
}
