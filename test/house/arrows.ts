import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative } from 'node:path'

export const root = join(import.meta.dirname, '../..')

/** Every source file, from the root of the project, and what it imports of the others, types included. */
export type Arrows = ReadonlyMap<string, readonly string[]>

/** Reads the imports of every file below these folders. */
export function readArrows(...folders: readonly string[]): Arrows {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => posix.join(folder, relative('.', name))),
  )
  const known = new Set(files)
  return new Map(
    files.map((file) => {
      const specifiers = [
        ...readFileSync(join(root, file), 'utf8').matchAll(
          /(?:\bfrom|\bimport|\bimport\()\s*['"](\.\.?\/[^'"]+)['"]/g,
        ),
      ].map(([, specifier = '']) => posix.join(dirname(file), specifier))
      return [file, specifiers.filter((one) => known.has(one))] as const
    }),
  )
}

/** The room of a file of src/: the folder below it; `src` for what is loose. */
export function roomOf(file: string): string {
  const [, room = '', ...below] = file.split('/')
  return below.length === 0 ? 'src' : room
}

/** The groups of files that can all reach each other (Tarjan 1972). None where there is no circle. */
export function circles(arrows: Arrows): string[][] {
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const found: string[][] = []
  const visit = (file: string): void => {
    index.set(file, index.size)
    low.set(file, index.size - 1)
    stack.push(file)
    for (const next of arrows.get(file) ?? []) {
      if (!index.has(next)) visit(next)
      if (stack.includes(next)) low.set(file, Math.min(low.get(file)!, low.get(next)!))
    }
    if (low.get(file) !== index.get(file)) return
    const circle = stack.splice(stack.indexOf(file))
    if (circle.length > 1) found.push(circle.sort())
  }
  for (const file of arrows.keys()) if (!index.has(file)) visit(file)
  return found
}
