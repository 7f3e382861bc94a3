import type { Mapping } from '../../config/document/parts.ts'
import type { Path } from '../../settings/path.ts'
import { escapeExpansions } from '../../settings/secrets.ts'

/** What is not as it was, and where it stands in the other program's file. */
export interface Remark {
  readonly path: Path
  readonly message: string
}

interface Origin {
  readonly ours: Path
  readonly theirs: Path
}

/** Collects what a part of another program's configuration becomes in the words of targets.yml. */
export class Translation {
  /** What would be judged otherwise without it: nothing that may be passed over. */
  readonly lost: Remark[] = []
  /** What is different and can be lived with. */
  readonly notes: Remark[] = []
  readonly #keys: Record<string, unknown> = {}
  readonly #origins: Origin[] = []

  get keys(): Mapping {
    return this.#keys
  }

  /** Sets a key unless there is no value. Its text is text: nothing in it is expanded. */
  set(ours: Path, value: unknown, theirs: Path): void {
    if (value !== undefined) this.#put(ours, escape(value), theirs)
  }

  /** Sets a key to text that may hold `${...}`. */
  refer(ours: Path, text: string, theirs: Path): void {
    this.#put(ours, text, theirs)
  }

  lose(theirs: Path, message: string): void {
    this.lost.push({ path: theirs, message })
  }

  note(theirs: Path, message: string): void {
    this.notes.push({ path: theirs, message })
  }

  /** Those of these places of which nothing has been said, neither of them nor of what is around them. */
  unsaid(paths: readonly Path[]): Path[] {
    const said = [...this.lost, ...this.notes].map(({ path }) => path)
    return paths.filter((path) => !said.some((known) => isWithin(path, known)))
  }

  /** Where a key of ours comes from. */
  origin(ours: Path): Path | undefined {
    return this.#origins.findLast(({ ours: known }) => isWithin(ours, known))?.theirs
  }

  #put(ours: Path, value: unknown, theirs: Path): void {
    const last = ours.at(-1)
    if (last === undefined) return
    let parent = this.#keys
    for (const step of ours.slice(0, -1)) parent = (parent[step] ??= {}) as Record<string, unknown>
    parent[last] = value
    this.#origins.push({ ours, theirs })
  }
}

function isWithin(path: Path, around: Path): boolean {
  return around.every((step, index) => String(step) === String(path[index]))
}

function escape(value: unknown): unknown {
  if (typeof value === 'string') return escapeExpansions(value)
  if (Array.isArray(value)) return value.map(escape)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, escape(item)]))
}
