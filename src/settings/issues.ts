import type { z } from 'zod'
import { Decimal } from '../lib/text/decimal.ts'
import type { ConfigIssue } from './errors.ts'
import { formatPath, type Path } from './path.ts'
import { redact } from '../lib/text/redact.ts'
import { hasExpansion, type Expander } from './secrets.ts'
import { seen } from './values/value.ts'
import type { YamlTree } from './yaml/yaml.ts'

/** A parsed file. */
export interface ParsedFile {
  readonly file: string
  readonly tree: YamlTree
}

/** Where in a file a value stands. */
export interface Place {
  readonly source: ParsedFile
  /** The way from the document's root. */
  readonly at: Path
  /** Whether the value is written without the keys that it is read with, as a plain URL is. */
  readonly short?: boolean
}

const nothingInserted = { inserted: new Set<string>() }

/** Collects what is wrong, with its position. */
export class Issues {
  readonly #found: ConfigIssue[] = []
  readonly #order: readonly string[]
  readonly #inserted: Expander['inserted']

  /**
   * @param files In the order in which to list their issues. Not needed where there is one.
   * @param expander What it put in is left out of every message. Default: nothing.
   */
  constructor(files: readonly string[] = [], { inserted }: Pick<Expander, 'inserted'> = nothingInserted) {
    this.#order = files
    this.#inserted = inserted
  }

  get empty(): boolean {
    return this.#found.length === 0
  }

  /** Adds an issue of a file as such, or of a place in it that the YAML parser found. */
  addRaw(issue: ConfigIssue): void {
    this.#found.push(issue)
  }

  add(
    { source, at, short }: Place,
    path: Path,
    part: 'key' | 'value',
    message: string,
    detail?: string,
  ): void {
    const whole = short ? at : [...at, ...path]
    const written = valueAt(source.tree.value, whole)
    const hidden = typeof written === 'string' && hasExpansion(written)
    const words =
      message.replaceAll(seen, () => quote(written)) + (detail === undefined || hidden ? '' : ` (${detail})`)
    const position = source.tree.locate(whole, part)
    const shown = source.tree.origin?.(whole) ?? whole
    this.addRaw({ file: source.file, ...position, path: formatPath(shown), message: words })
  }

  /** Adds what zod found; returns where, from the place on. */
  addZod(place: Place, issue: z.core.$ZodIssue): Path[] {
    const path = issue.path.filter((step) => typeof step !== 'symbol')
    if (issue.code === 'unrecognized_keys') {
      const messages = issue.message.split('\n')
      return issue.keys.map((key, index) => {
        this.add(place, [...path, key], 'key', messages[index] ?? 'unknown key')
        return [...path, key]
      })
    }
    if (issue.code === 'invalid_key') {
      this.add(place, path, 'key', issue.issues[0]?.message ?? issue.message)
      return [path]
    }
    const params = issue.code === 'custom' ? issue.params : undefined
    const detail: unknown = params?.['detail']
    const part = params?.['part'] === 'key' ? 'key' : 'value'
    this.add(place, path, part, issue.message, typeof detail === 'string' ? detail : undefined)
    return [path]
  }

  /** In the order of the files and their lines, each once. */
  sorted(): ConfigIssue[] {
    const texts = new Set<string>()
    const rank = ({ file }: ConfigIssue): number => this.#order.indexOf(file)
    const secrets = [...this.#inserted]
    return this.#found
      .map((issue) => ({ ...issue, message: redact(issue.message, secrets) }))
      .toSorted((a, b) => rank(a) - rank(b) || a.line - b.line || a.column - b.column)
      .filter(({ file, line, column, message }) => {
        const text = [file, line, column, message].join('\n')
        return !texts.has(text) && texts.add(text)
      })
  }
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root
  for (const step of path) {
    // A value that may be one or a list of them is read as a list.
    if (typeof value === 'string' && step === 0) return value
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<string | number, unknown>)[step]
  }
  return value
}

const longestQuotation = 60

function quote(value: unknown): string {
  if (value instanceof Decimal) return value.source.slice(0, longestQuotation)
  if (typeof value !== 'string') return value === null ? 'nothing' : JSON.stringify(value)
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(value)
  const shown = address ? value.replace(/\/\/[^/]*@/, '//<secret>@').replace(/\?.*$/s, '?...') : value
  return JSON.stringify(shown.length > longestQuotation ? `${shown.slice(0, longestQuotation)}...` : shown)
}
