import type { Config } from '../config/config.ts'

/** What a person should know of a valid configuration: what is ignored in it, and what cannot be used, and why. */
export function remarksOn({ notices = [], unusableModules = new Map() }: Config): string[] {
  const modules = [...unusableModules].map(
    ([name, why]) => `module ${JSON.stringify(name)} cannot be used: ${why}`,
  )
  return [...notices, ...modules]
}
