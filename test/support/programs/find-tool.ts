import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where a program of this name is on PATH. */
export function findTool(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path))
}
