/** What makes a line more than one program with its arguments. */
const operators = /[|&;<>()`\n]/

/**
 * Splits a command line as a shell does: quotes and backslashes, and nothing else.
 *
 * @returns Nothing where the line is a script, or a quotation mark is missing.
 */
export function wordsOf(line: string): string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at)
    if (character === "'" || character === '"') {
      const quoted = quotedAt(line, at)
      if (quoted === undefined) return undefined
      word = (word ?? '') + quoted.text
      at = quoted.end
    } else if (character === '\\') word = (word ?? '') + line.charAt(++at)
    else if (operators.test(character) || line.startsWith('$(', at)) return undefined
    else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + character
  }
  return word === undefined ? words : [...words, word]
}

/** The text between two quotation marks, and where the second is. */
function quotedAt(line: string, start: number): { text: string; end: number } | undefined {
  const mark = line.charAt(start)
  let text = ''
  for (let at = start + 1; at < line.length; at++) {
    const character = line.charAt(at)
    if (character === mark) return { text, end: at }
    const isEscaped = mark === '"' && character === '\\' && /["\\$`]/.test(line.charAt(at + 1))
    text += isEscaped ? line.charAt(++at) : character
  }
  return undefined
}
