import { escapeExpansions } from '../../settings/secrets.ts'
import type { ImportedFile } from '../shared/importer.ts'
import { Secrets } from '../shared/secrets.ts'

/** How often a value may refer to another variable: more is a circle. */
const maxDepth = 10

/** Characters of a value in which others were put. */
const maxLength = 100_000

const reference = /\{\{([^{}]+)\}\}/g

/** The variables of a collection, as those of the environment. */
export class Variables {
  readonly #values: ReadonlyMap<string, string>
  readonly #secrets = new Secrets('POSTMAN')
  readonly #unknown = new Set<string>()

  /** @param values Of the collection, and of its environment. */
  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values
  }

  /** The names of variables without a value. */
  get unknown(): string[] {
    return [...this.#unknown]
  }

  /**
   * A text with `${NAME}` in place of `{{name}}`.
   *
   * @param kept Variables that stay as they are, because an earlier step captures them.
   */
  refer(text: string, kept: ReadonlySet<string> = new Set()): string {
    let [made, at] = ['', 0]
    for (const { 0: whole, 1: name = '', index } of text.matchAll(reference)) {
      made += escapeExpansions(text.slice(at, index))
      made += kept.has(name.trim()) ? `{{${name.trim()}}}` : this.#reference(name.trim(), whole)
      at = index + whole.length
    }
    return made + escapeExpansions(text.slice(at))
  }

  /** A reference to a secret that stands in the collection; one that is a variable already stays that variable. */
  keep(text: string, kept: ReadonlySet<string>, ...words: readonly string[]): string {
    return text.includes('{{') ? this.refer(text, kept) : this.#secrets.keep(text, ...words)
  }

  files(name: string): ImportedFile[] {
    return this.#secrets.files(name)
  }

  notes(name: string): string[] {
    return this.#secrets.notes(name)
  }

  #reference(name: string, whole: string): string {
    // A value that is new for each request.
    if (name.startsWith('$')) return whole
    const value = this.#resolved(name, 0)
    // What still refers to another is a circle, or one without a value.
    if (value !== undefined && !value.includes('{{')) return this.#secrets.keep(value, name)
    const variable = `POSTMAN_${name
      .replaceAll(/([a-z])(?=[A-Z])/g, '$1_')
      .replaceAll(/\W+/g, '_')
      .toUpperCase()}`
    this.#unknown.add(variable)
    return `\${${variable}}`
  }

  #resolved(name: string, depth: number): string | undefined {
    const value = this.#values.get(name)
    if (value === undefined || depth > maxDepth) return undefined
    let [made, at] = ['', 0]
    for (const { 0: whole, 1: other = '', index } of value.matchAll(reference)) {
      made += value.slice(at, index) + (this.#resolved(other.trim(), depth + 1) ?? whole)
      at = index + whole.length
      if (made.length > maxLength) return undefined
    }
    return made + value.slice(at)
  }
}
