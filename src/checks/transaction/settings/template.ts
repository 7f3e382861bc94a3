import type { Insertion } from '../../../settings/secrets.ts'
import { ValueError } from '../../../settings/values/value.ts'

/** How a variable is written where it stands, so that its value can never end what it stands in. */
export type Position = 'url' | 'header' | 'token' | 'text' | 'form' | 'json' | 'json-string' | 'xml'

/** A place for the value of a variable. */
export interface Variable {
  readonly name: string
  readonly position: Position
}

/** A text in which variables have their place. */
export type Template = readonly (string | Variable)[]

const variableName = /^[A-Za-z_]\w{0,63}$/

/** Checks the name of a variable. */
export function checkVariable(name: string): void {
  if (variableName.test(name)) return
  throw new ValueError(
    'is not a valid variable name: only letters, digits and _, no digit first, at most 64 of them',
  )
}

/**
 * Reads `{{name}}`. A backslash before `{{` makes it literal.
 *
 * @param insertions What of the text came from outside the file: what begins in it is literal.
 * @throws ValueError where `{{` starts anything else.
 */
export function parseTemplate(
  text: string,
  position: Position,
  insertions: readonly Insertion[] = [],
): Template {
  const parts: (string | Variable)[] = []
  let literal = ''
  let last = 0
  for (const match of text.matchAll(/\\\{\{|\{\{([A-Za-z_]\w{0,63})\}\}|\{\{/g)) {
    const [whole, name] = match
    literal += text.slice(last, match.index)
    last = match.index + whole.length
    const braces = match.index + whole.indexOf('{{')
    if (insertions.some(({ start, end }) => start < braces + 2 && braces < end)) literal += whole
    else if (whole.startsWith('\\')) literal += '{{'
    else if (name === undefined) throw new ValueError(malformed)
    else {
      parts.push(literal, { name, position })
      literal = ''
    }
  }
  return [...parts, literal + text.slice(last)].filter((part) => part !== '')
}

/** What to do about a `{{` that starts no variable. */
export const malformed =
  'a "{{" starts a variable such as {{token}}, without spaces: write \\{{ for a literal one'

/** The names of the variables of a template. */
export function variablesOf(template: Template): string[] {
  return template.flatMap((part) => (typeof part === 'string' ? [] : [part.name]))
}

/**
 * Reads a request body. How a variable is written in it depends on its media type; in JSON also on whether it stands within
 * quotes.
 *
 * @param mediaType That of the Content-Type header. Absent: JSON where the body begins like it, else plain text.
 */
export function parseBody(
  text: string,
  mediaType: string | undefined,
  insertions: readonly Insertion[] = [],
): Template {
  const position = bodyPosition(text, mediaType)
  const template = parseTemplate(text, position, insertions)
  return position === 'json' ? placedInJson(template) : template
}

const bodyPositions: readonly (readonly [RegExp, Position])[] = [
  [/^[^;]*[/+]json\b/i, 'json'],
  [/^\s*application\/x-www-form-urlencoded\b/i, 'form'],
  [/^[^;]*[/+]xml\b/i, 'xml'],
]

function bodyPosition(text: string, mediaType: string | undefined): Position {
  if (mediaType === undefined) return /^\s*[[{]/.test(text) ? 'json' : 'text'
  return bodyPositions.find(([pattern]) => pattern.test(mediaType))?.[1] ?? 'text'
}

function placedInJson(template: Template): Template {
  let quoted = false
  return template.map((part) => {
    if (typeof part !== 'string') return quoted ? { ...part, position: 'json-string' } : part
    // Within quotes, a backslash takes the next character with it.
    for (const [token] of part.matchAll(/\\.|"/gs)) if (token === '"') quoted = !quoted
    return part
  })
}
