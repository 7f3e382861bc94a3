import type { Config } from '../config/config.ts'
import { describeSkipped } from '../config/discovery/words.ts'

/** What a person should know of a valid configuration: what is ignored in it, and what cannot be used, and why. */
export function remarksOn({
  notices = [],
  unusableModules = new Map(),
  discovered = [],
  targets,
}: Config): string[] {
  const modules = [...unusableModules].map(
    ([name, why]) => `module ${JSON.stringify(name)} cannot be used: ${why}`,
  )
  const skipped = discovered
    .filter((one) => one.skipped > 0)
    .map((one) => `targets_from: ${describeSkipped(one)}`)
  const open = targets.flatMap(({ name, check }) =>
    check.kind === 'browser' && !check.sandbox
      ? [
          `target ${JSON.stringify(name)} has sandbox: false: a page that finds a fault in Chromium has the rights of Probity`,
        ]
      : [],
  )
  return [...notices, ...modules, ...skipped, ...open]
}
