import { hasExpansion, type Expanded, type Insertion } from './secrets.ts'

/** Which parts of an expanded value came from outside the file. */
export type InsertionsOf = (value: string) => readonly Insertion[]

/**
 * Finds what was put into the values of some settings.
 *
 * @param written The settings as they were written, with `${...}` unexpanded.
 */
export function insertionsIn(written: unknown, expand: (text: string) => Expanded): InsertionsOf {
  const known = new Map<string, readonly Insertion[]>()
  let isRead = false

  function read(node: unknown): void {
    if (typeof node === 'string') {
      if (!hasExpansion(node)) return
      const { value, insertions } = expand(node)
      known.set(value, insertions)
    } else if (typeof node === 'object' && node !== null) Object.values(node).forEach(read)
  }

  return (value) => {
    // Most kinds of checks do not ask, and some leave the expansion to a shell.
    if (!isRead) read(written)
    isRead = true
    return known.get(value) ?? []
  }
}
