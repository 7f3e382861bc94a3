/** The operator of a here-document. */
export interface HeredocOperator {
  /** What stands before the delimiter: `<<`, `<<-`, blanks. */
  readonly lead: string
  /** The delimiter as it is written. */
  readonly word: string
  /** The delimiter as it ends the document. */
  readonly delimiter: string
  /** Whether nothing is expanded in the document. */
  readonly quoted: boolean
  /** `<<-`: tabs at the beginning of its lines do not count. */
  readonly strip: boolean
}

const operator = /<<(?!<)(-?)[ \t]*((?:\\.|'[^']*'|"[^"]*"|[^\s;&|()<>'"\\])+)/sy

/** Reads the operator that begins at an offset; `<<<` is another one. */
export function heredocOperatorAt(text: string, offset: number): HeredocOperator | undefined {
  operator.lastIndex = offset
  const match = operator.exec(text)
  if (match === null) return undefined
  const [whole, dash = '', word = ''] = match
  return {
    lead: whole.slice(0, whole.length - word.length),
    word,
    delimiter: word.replace(/\\(.)|['"]/gs, '$1'),
    quoted: /['"\\]/.test(word),
    strip: dash !== '',
  }
}

/** The lines of a here-document that begin at an offset, and its last line; that is empty where the text ends before. */
export function heredocAt(
  text: string,
  offset: number,
  { delimiter, strip }: HeredocOperator,
): [body: string, last: string] {
  for (let start = offset; start < text.length;) {
    const lineEnd = text.indexOf('\n', start)
    const end = lineEnd === -1 ? text.length : lineEnd
    const line = text.slice(start, end)
    if ((strip ? line.replace(/^\t+/, '') : line) === delimiter) return [text.slice(offset, start), line]
    start = end + 1
  }
  return [text.slice(offset), '']
}

/** A delimiter that no line of a document can be mistaken for. */
export function unusedDelimiter(body: string): string {
  let name = 'PROBITY_END'
  while (body.includes(name)) name += '_'
  return name
}
