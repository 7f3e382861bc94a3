/** Whether an option has a value; `attached` is one that may follow without a space. */
type Value = 'none' | 'required' | 'attached'

/** The options of a plugin, by their letter or long name, as `getopt_long` reads them: `hostname=H:` is `-H` with a value. */
export interface OptionTable {
  /** As of getopt: `:` after a letter stands for a value, `::` for an attached one. */
  readonly short: string
  /** Long names, and the letter or name that each stands for. */
  readonly long: Readonly<Record<string, string>>
  /** Long names without a letter that have a value. */
  readonly valued?: readonly string[]
}

/** What a command line says. */
export interface Given {
  /** The values of each option, in their order; those without a value are `true`. */
  readonly options: ReadonlyMap<string, readonly (string | true)[]>
  readonly rest: readonly string[]
  /** What the plugin does not have. */
  readonly unknown: readonly string[]
}

/** Options that say nothing of what is checked: how much is printed, and in which form. */
const common = {
  verbose: 'v',
  version: 'V',
  help: 'h',
  'extra-opts': 'extra-opts',
  'output-format': 'output-format',
} as const

/** Reads arguments. */
export function readOptions(words: readonly string[], table: OptionTable): Given {
  const reader = new Reader(words, { ...table, long: { ...table.long, ...common } })
  return reader.read()
}

class Reader {
  readonly #words: readonly string[]
  readonly #table: OptionTable
  readonly #options = new Map<string, (string | true)[]>()
  readonly #unknown: string[] = []
  #at = 0

  constructor(words: readonly string[], table: OptionTable) {
    this.#words = words
    this.#table = table
  }

  read(): Given {
    const rest: string[] = []
    for (; this.#at < this.#words.length; this.#at++) {
      const word = this.#words[this.#at] ?? ''
      if (word === '--') {
        rest.push(...this.#words.slice(this.#at + 1))
        break
      }
      if (word.startsWith('--')) this.#long(word.slice(2))
      else if (word.length > 1 && word.startsWith('-')) this.#letters(word.slice(1))
      else rest.push(word)
    }
    return { options: this.#options, rest, unknown: this.#unknown }
  }

  #long(word: string): void {
    const [, written = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(word) ?? []
    const names = Object.keys(this.#table.long)
    // Every beginning will do that no other name has.
    const meant = names.filter((name) => name === written)
    const found = meant.length > 0 ? meant : names.filter((name) => name.startsWith(written))
    const [name] = found
    const key = name === undefined || found.length > 1 ? undefined : this.#table.long[name]
    if (key === undefined) this.#unknown.push(`--${written}`)
    else this.#set(key, this.#valueKind(key) === 'required' ? (value ?? this.#next()) : (value ?? true))
  }

  #letters(letters: string): void {
    for (let at = 0; at < letters.length; at++) {
      const letter = letters.charAt(at)
      const kind = this.#valueKind(letter)
      const attached = letters.slice(at + 1)
      if (kind === undefined) this.#unknown.push(`-${letter}`)
      else if (kind === 'none') this.#set(letter, true)
      else {
        this.#set(letter, attached === '' ? (kind === 'required' ? this.#next() : true) : attached)
        return
      }
    }
  }

  #valueKind(key: string): Value | undefined {
    if (key.length > 1)
      return this.#table.valued?.includes(key) || key === 'extra-opts' || key === 'output-format'
        ? 'required'
        : 'none'
    if (/[vVh]/.test(key)) return 'none'
    const at = this.#table.short.indexOf(key)
    if (at < 0 || key === ':') return undefined
    if (this.#table.short.startsWith('::', at + 1)) return 'attached'
    return this.#table.short.charAt(at + 1) === ':' ? 'required' : 'none'
  }

  #next(): string {
    this.#at++
    return this.#words[this.#at] ?? ''
  }

  #set(key: string, value: string | true): void {
    const values = this.#options.get(key)
    if (values) values.push(value)
    else this.#options.set(key, [value])
  }
}
