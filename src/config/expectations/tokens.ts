import type { Position } from '../../settings/yaml/yaml.ts'

export interface Token extends Position {
  readonly text: string
  /** `text`: what stood in quotation marks, without them. `unclosed`: a comment that goes on to the end of the file. */
  readonly type: 'word' | 'text' | 'sign' | 'unclosed' | 'end'
}

/**
 * A comment, a text in quotation marks, a word, or a sign. Two signs may be inside a word: `::` of `Charge::create`, and
 * `://` of a URL.
 */
const piece =
  /\/\*[^]*?(?:\*\/|$)|#.*|\/\/.*|"[^"\n\r]*"|(?:::|:\/\/|\/(?![/*])|[^\s#(){}=,;":/])+|[(){}=,;:"]/g

/** Divides an expectation file into its words and signs, without comments. The last token is its end. */
export function tokenize(text: string): Token[] {
  const lineAt = positions(text)
  const tokens: Token[] = []
  for (const { 0: found, index } of text.matchAll(piece)) {
    if (found.startsWith('/*') && (found.length < 4 || !found.endsWith('*/')))
      tokens.push({ text: found.slice(0, 2), type: 'unclosed', ...lineAt(index) })
    if (/^(?:#|\/\/|\/\*)/.test(found)) continue
    const word = found.replace(/^\uFEFF/, '')
    if (word !== '') tokens.push({ ...tokenOf(word), ...lineAt(index) })
  }
  return [...tokens, { text: '', type: 'end', ...lineAt(text.length) }]
}

function tokenOf(found: string): Pick<Token, 'text' | 'type'> {
  if (found.length > 1 && found.startsWith('"')) return { text: found.slice(1, -1), type: 'text' }
  return { text: found, type: /^[(){}=,;:]$/.test(found) ? 'sign' : 'word' }
}

/** Where an offset stands. Offsets must be asked for in ascending order. */
function positions(text: string): (offset: number) => Position {
  const ends = text.matchAll(/\r\n|\r|\n/g)
  let next = ends.next()
  let line = 1
  let start = 0
  return (offset) => {
    while (next.done !== true && next.value.index < offset) {
      line += 1
      start = next.value.index + next.value[0].length
      next = ends.next()
    }
    return { line, column: offset - start + 1 }
  }
}

/** Whether it is one of these signs or words, and not the same in quotation marks. */
export function isOneOf({ text, type }: Token, ...texts: readonly string[]): boolean {
  return type !== 'text' && type !== 'end' && texts.includes(text)
}

/** A token as a message quotes it. */
export function shown({ text, type }: Token): string {
  return type === 'end' ? 'the end of the file' : JSON.stringify(text.slice(0, 60))
}

/** What stands where something else was expected. */
export class Unexpected extends Error {
  override name = 'Unexpected'
  readonly at: Position

  constructor(at: Position, message: string) {
    super(message)
    this.at = at
  }
}
