import { Decimal } from '../../lib/text/decimal.ts'
import { isMapping, type Mapping } from '../../config/document/parts.ts'
import type { Path } from '../../settings/path.ts'

/** Reads a mapping of another program key by key, and knows which of its keys nobody has asked for. */
export class Fields {
  /** Where it stands in its document. */
  readonly path: Path
  readonly #values: Mapping
  readonly #asked = new Set<string>()
  readonly #below: Fields[] = []

  /** @param value Anything; what is not a mapping has no keys. */
  constructor(value: unknown, path: Path = []) {
    this.path = path
    this.#values = isMapping(value) ? value : {}
  }

  /** Every key that has a value. */
  get keys(): string[] {
    return Object.keys(this.#values).filter((key) => this.#value(key) !== undefined)
  }

  at(key: string): Path {
    return [...this.path, key]
  }

  has(key: string): boolean {
    return this.#value(key) !== undefined
  }

  take(key: string): unknown {
    this.#asked.add(key)
    return this.#value(key)
  }

  /** A scalar as text. Anything else is left, as if nobody had asked. */
  text(key: string): string | undefined {
    const found = this.#value(key)
    const value = found instanceof Decimal ? found.source : found
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined
    this.#asked.add(key)
    return String(value)
  }

  /** The items of a list; one item that is not a list is a list of one. */
  list(key: string): unknown[] {
    const value = this.take(key)
    if (value === undefined) return []
    return Array.isArray(value) ? value : [value]
  }

  /** A mapping below a key. */
  below(key: string): Fields {
    return this.#add(this.take(key), this.at(key))
  }

  /** The mappings of a list below a key. */
  items(key: string): Fields[] {
    return this.list(key).map((item, index) => this.#add(item, [...this.at(key), index]))
  }

  /** Where everything stands that nobody has asked for. */
  left(): Path[] {
    const own = this.keys.filter((key) => !this.#asked.has(key)).map((key) => this.at(key))
    return [...own, ...this.#below.flatMap((fields) => fields.left())]
  }

  #add(value: unknown, path: Path): Fields {
    const fields = new Fields(value, path)
    this.#below.push(fields)
    return fields
  }

  /** A key without a value is the same as none. */
  #value(key: string): unknown {
    return Object.hasOwn(this.#values, key) ? (this.#values[key] ?? undefined) : undefined
  }
}
