import { existsSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

/** Where a program of this name is on PATH. An absolute path stands for itself. */
export function findTool(name: string): string | undefined {
  if (isAbsolute(name)) return existsSync(name) ? name : undefined
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path))
}
