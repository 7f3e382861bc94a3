/** Characters by which a literal is found. */
export const headLength = 4

/** Literals that are looked for one by one: the search of the system is faster than one pass for all of them. */
const few = 200

/** Entries of the filter, a power of two. */
const filterSize = 0x10000

/** The literals that begin alike. */
interface Family {
  /** By their lengths: however many there are, a place in a text is compared once for each length. */
  readonly byLength: ReadonlyMap<number, ReadonlySet<string>>
  readonly all: readonly string[]
}

/** A place in a text, from here up to there. */
export type Span = readonly [from: number, to: number]

/** Finds thousands of literals in a text in one pass. All have at least {@link headLength} characters. */
export class Literals {
  readonly #families = new Map<string, Family>()
  readonly #filter = new Uint8Array(filterSize)
  readonly #few: readonly string[] | undefined
  #longest = 0

  constructor(literals: readonly string[]) {
    this.#few = literals.length <= few ? literals : undefined
    const families = new Map<string, string[]>()
    for (const literal of literals) {
      this.#longest = Math.max(this.#longest, literal.length)
      this.#filter[hashAt(literal, 0)] = 1
      const head = literal.slice(0, headLength)
      const family = families.get(head)
      if (family) family.push(literal)
      else families.set(head, [literal])
    }
    for (const [head, all] of families) this.#families.set(head, { all, byLength: byLength(all) })
  }

  /** The places of all of them, those that overlap as one. */
  spans(text: string): Span[] {
    const spans: Span[] = []
    const all = this.#few ? [...everySpan(text, this.#few)].sort((a, b) => a[0] - b[0]) : this.#found(text)
    for (const [from, to] of all) {
      const last = spans.at(-1)
      if (last && from < last[1]) spans[spans.length - 1] = [last[0], Math.max(last[1], to)]
      else spans.push([from, to])
    }
    return spans
  }

  *#found(text: string): Generator<Span> {
    for (let at = this.#next(text, 0); at !== -1; at = this.#next(text, at + 1)) {
      const length = this.#lengthAt(text, at)
      if (length > 0) yield [at, at + length]
    }
  }

  /** Where the beginning of one of them stands at the end of a text; its length where none does. */
  stumpOf(text: string): number {
    const first = Math.max(0, text.length - this.#longest)
    for (let at = this.#next(text, first); at !== -1; at = this.#next(text, at + 1)) {
      const rest = text.slice(at)
      if (this.#familyAt(text, at)?.all.some((literal) => literal.startsWith(rest)) === true) return at
    }
    return text.length
  }

  /** The next place where one may begin; -1 where there is none. */
  #next(text: string, from: number): number {
    for (let at = from; at <= text.length - headLength; at++)
      if (this.#filter[hashAt(text, at)] === 1) return at
    return -1
  }

  #familyAt(text: string, at: number): Family | undefined {
    return this.#families.get(text.slice(at, at + headLength))
  }

  /** Of the longest that stands there; 0 where none does. */
  #lengthAt(text: string, at: number): number {
    for (const [length, literals] of this.#familyAt(text, at)?.byLength ?? [])
      if (literals.has(text.slice(at, at + length))) return length
    return 0
  }
}

/** Every place of every one of them. */
function* everySpan(text: string, literals: readonly string[]): Generator<Span> {
  for (const literal of literals)
    for (let at = text.indexOf(literal); at !== -1; at = text.indexOf(literal, at + 1))
      yield [at, at + literal.length]
}

/** The longest first. */
function byLength(literals: readonly string[]): Map<number, Set<string>> {
  const sets = new Map<number, Set<string>>()
  for (const literal of literals.toSorted((a, b) => b.length - a.length))
    sets.set(literal.length, (sets.get(literal.length) ?? new Set()).add(literal))
  return sets
}

function hashAt(text: string, at: number): number {
  const first = text.charCodeAt(at) + 37 * text.charCodeAt(at + 1)
  const second = text.charCodeAt(at + 2) + 37 * text.charCodeAt(at + 3)
  return (first + 1369 * second) % filterSize
}
