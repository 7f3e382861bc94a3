/** An item of a list, and its parameters. A parameter without a value has the value `?1`. */
export interface Item {
  readonly name: string
  readonly parameters: ReadonlyMap<string, string>
}

/** More items, and more parameters of one, are not looked at. */
const maxItems = 32

/**
 * Reads a list of strings or tokens with parameters, up to where its form is right: `"default";r=50;t=30, "daily";r=7`. A part that
 * has no such form ends it. Source of the format: RFC 9651, sections 3.1, 3.1.2 and 3.3.
 */
export function parseItems(field: string): Item[] {
  const items: Item[] = []
  const scanner = new Scanner(field)
  while (items.length < maxItems) {
    const name = scanner.take(string) ?? scanner.take(token)
    if (name === undefined) return items
    const parameters = new Map<string, string>()
    while (parameters.size < maxItems && scanner.take(semicolon) !== undefined) {
      const key = scanner.take(parameterKey)
      if (key === undefined) return items
      const value = scanner.take(equals) === undefined ? '?1' : (scanner.take(string) ?? scanner.take(bare))
      if (value === undefined) return items
      parameters.set(key, value)
    }
    items.push({ name, parameters })
    if (scanner.take(comma) === undefined) return items
  }
  return items
}

// Each is tried at one place only, and none can match in two ways: they take linear time.
const string = /"((?:[^"\\]|\\["\\])*)"/y
const token = /([A-Za-z*][\w!#$%&'*+.^`|~:/-]*)/y
const bare = /([\w?!#$%&'*+.^`|~:/-]+)/y
const parameterKey = /([a-z*][a-z0-9_.*-]*)/y
const semicolon = /[ \t]*(;)[ ]*/y
const equals = /(=)/y
const comma = /[ \t]*(,)[ \t]*/y

class Scanner {
  readonly #text: string
  #position = 0

  constructor(text: string) {
    this.#text = text.trim()
  }

  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#position
    const match = pattern.exec(this.#text)
    if (!match) return undefined
    this.#position = pattern.lastIndex
    return match[1]
  }
}
