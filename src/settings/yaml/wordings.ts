/** A fault that the YAML parser reports. */
export interface Fault {
  readonly code: string
  readonly message: string
  readonly offset: number
}

/** What is said of a fault: the first row that has words for it. */
interface Row {
  /** Default: any. */
  readonly code?: string
  /** Default: any. */
  readonly message?: RegExp
  /** Undefined where it is another case. The text of the file is not repeated: it may be a secret. */
  readonly words: (at: Place) => string | undefined
}

/** What stands around a fault. */
interface Place {
  /** From the fault to the end of its line. */
  readonly after: string
  /** From the beginning of its line to the fault. */
  readonly before: string
}

const always = (words: string) => (): string => words

const notClosed = (opened: string, closing: string) =>
  always(`a ${opened} above is not closed: write ${closing} before this, or put the value in quotes`)

const rows: readonly Row[] = [
  {
    code: 'MULTIPLE_DOCS',
    words: always(
      'a second document starts here: keep one document per file, and use a directory for several files',
    ),
  },
  { code: 'TAB_AS_INDENT', words: always('tabs cannot indent: use spaces') },
  { code: 'NON_STRING_KEY', words: templateOrKey },
  {
    code: 'BAD_SCALAR_START',
    words: ({ after }) => `a value cannot begin with ${after.slice(0, 1)}: put it in quotes`,
  },
  {
    code: 'BAD_DQ_ESCAPE',
    words: always(`this cannot follow a \\ inside "...": use single quotes, '...', or write \\\\`),
  },
  {
    code: 'TAG_RESOLVE_FAILED',
    words: always(
      'a value that begins with ! is a tag, which cannot be used: to mean the text, put it in quotes',
    ),
  },
  { code: 'BLOCK_IN_FLOW', words: colonInside },
  { code: 'MULTILINE_IMPLICIT_KEY', words: mergeConflict },
  { message: /^Unexpected flow-map-start|^Missing , or :/, words: reference },
  {
    message: /^Missing , or :|^Unexpected scalar token/,
    words: always('a comma is missing before this, or quotes around the whole value'),
  },
  {
    message: /at node end$/,
    words: always('the value ended before this: put all of it in one pair of quotes'),
  },
  {
    message: /^Block scalar header|^Not a YAML token/,
    words: always(
      'the text after | or > begins in the next line: put the value in quotes to keep it in this one',
    ),
  },
  {
    message: /on same line with key$/,
    words: always('a list begins in the line below its key; in the same line, write [a, b]'),
  },
  { message: /^Nested mappings/, words: colonInside },
  {
    message: /^Nested mappings/,
    words: always('the next line is indented deeper than the key of this value: align it with the key'),
  },
  {
    message: /^A block sequence/,
    words: always('items of a list and keys of a mapping cannot stand at the same level'),
  },
  { message: /^Missing closing "/, words: notClosed('"', 'another "') },
  { message: /^Missing closing '/, words: notClosed("'", "another '") },
  { message: /end with a \}$/, words: notClosed('{', '}') },
  { message: /end with a \]$/, words: notClosed('[', ']') },
  {
    message: /^Sequence item|same column$/,
    words: always(
      'no key above begins at the column of this line: align it with the other keys of its mapping',
    ),
  },
  {
    message: /^Implicit (?:map )?keys/,
    words: always('expected a key and a value, such as name: shop, with a space after the colon'),
  },
]

/** What is wrong, and what to do about it, in words of this program where the parser's own say neither. */
export function wordsOf({ code, message, offset }: Fault, text: string): string {
  const [first = ''] = message.split('\n', 1)
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  const lineEnd = text.indexOf('\n', offset)
  const place = {
    before: text.slice(lineStart, offset),
    after: text.slice(offset, lineEnd === -1 ? undefined : lineEnd),
  }
  for (const row of rows) {
    if ((row.code ?? code) !== code || row.message?.test(first) === false) continue
    const words = row.words(place)
    if (words !== undefined) return words
  }
  return first
}

/** A default may be a secret, the name of a variable is none. */
function reference({ before, after }: Place): string | undefined {
  const name = /^\{([^}:]*)/.exec(after)?.[1]
  if (name === undefined || !before.endsWith('$')) return undefined
  return `inside { } and [ ], a variable must be in quotes: "\${${name}}"`
}

function templateOrKey({ before, after }: Place): string {
  return before.endsWith('{') || after.startsWith('{')
    ? 'a key must be plain text: put {{ ... }} in quotes'
    : 'a key must be plain text'
}

function colonInside({ before, after }: Place): string | undefined {
  if (!/:(?:\s|$)/.test(after)) return undefined
  const key = /([\w.-]+):\s*$/.exec(before)?.[1]
  const example = key === undefined ? '' : `: ${key}: "..."`
  return `a value that contains a colon and a space must be in quotes${example}`
}

function mergeConflict({ after }: Place): string | undefined {
  return /^(?:<{7}|={7}|>{7})/.test(after) ? 'a merge conflict was left here: resolve it' : undefined
}
