import type { Config } from '../config/config.ts'

/** The modules of other programs' files that cannot be used, and why, for a person. */
export function unusableModules({ unusableModules: found }: Config): string[] {
  return [...(found ?? [])].map(([name, why]) => `module ${JSON.stringify(name)} cannot be used: ${why}`)
}
