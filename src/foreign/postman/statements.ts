/** A statement of a script, and the index of its line. */
export interface Statement {
  readonly text: string
  readonly line: number
}

/** What makes statements run or not: then nothing can be said of any of them. */
const branches =
  /(?:^|[^\w.$])(?:if|else|for|while|do|switch|try|catch|return|async|await)(?![\w$])|\?[^.]|\.forEach\(|setTimeout/

/** Beginnings and ends of `pm.test(...)`, which only name what is between them. */
const wrapper =
  /pm\.test\(\s*STRING\s*,\s*(?:async\s+)?(?:function\s*\w*\s*\(\s*\)\s*\{?|\(?\s*\w*\s*\)?\s*=>\s*\{?)/g
/** Characters of a line that somebody has written. */
const maxLine = 5000

const rest = /^[\s{}()]*$/

/**
 * Splits a script into statements, without what only names them.
 *
 * @returns Nothing where it has branches, or lines that nobody has written.
 */
export function statementsOf(lines: readonly string[]): Statement[] | undefined {
  const statements: Statement[] = []
  for (const [line, written] of lines.entries()) {
    if (written.length > maxLine) return undefined
    const strings: string[] = []
    // Nothing within quotation marks is code.
    const plain = written
      .replaceAll(
        /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g,
        (string) => `STRING${strings.push(string) - 1}_`,
      )
      .replace(/\/\/.*$/, '')
      .replaceAll(/\/\*.*?\*\//g, '')
    const code = plain.replaceAll(/pm\.test\(\s*STRING\d+_/g, 'pm.test(STRING').replaceAll(wrapper, ';')
    if (branches.test(code)) return undefined
    for (const piece of code.split(';')) {
      const text = balanced(piece.trim())
      if (rest.test(text)) continue
      statements.push({
        text: text.replaceAll(/STRING(\d+)_/g, (_all, index: string) => strings[Number(index)] ?? ''),
        line,
      })
    }
  }
  return statements
}

/** A statement without the brackets that close what is around it. */
function balanced(text: string): string {
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index)
    if ('([{'.includes(character)) depth++
    if (')]}'.includes(character) && --depth < 0) return text.slice(0, index).trim()
  }
  return text
}
