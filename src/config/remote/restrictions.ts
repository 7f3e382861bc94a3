import { kinds } from '../../checks/index.ts'
import type { CheckSchema } from '../../checks/kind.ts'
import type { Issues, ParsedFile } from '../../settings/issues.ts'
import { sourceKinds } from '../discovery/kinds.ts'
import { isMapping } from '../document/parts.ts'
import type { Path } from '../../settings/path.ts'
import type { Reference } from '../../settings/secrets.ts'

/** What would hand this machine to the server of its configuration. */
const why = 'is refused in a configuration from a URL'

/** Keys that make a check, or a source of targets, work on this machine itself. */
const localKeys: ReadonlySet<string> = new Set(
  [...kinds, ...sourceKinds]
    .filter(({ local = false }: Pick<CheckSchema<never, never, never, never>, 'local'>) => local)
    .map(({ key }) => key),
)

/** Keys whose values name files, sockets included. */
const fileKey = /_file$|^modules_from$|^unix_socket$|^json_schema$|^openapi$|^schema$/

/** Below these, the author of the file chooses the keys, and what they hold is text. */
const freeKeys: ReadonlySet<string> = new Set([
  'labels',
  'headers',
  'metadata',
  'json',
  'columns',
  'capture',
  'env',
])

/** Below these, at the top of the file, keys are names, and what they hold has its own keys. */
const named: ReadonlySet<string | number | undefined> = new Set(['modules', 'vendors'])

/** Where a value of a file reaches into the machine that it is used on. */
export function localPaths(value: unknown, top: Path = []): Path[] {
  const found: Path[] = []
  const look = (below: unknown, path: Path): void => {
    if (typeof below !== 'object' || below === null) return
    for (const [name, item] of Object.entries(below)) {
      const step = Array.isArray(below) ? Number(name) : name
      const at = [...path, step]
      if (path.length === 1 && named.has(path[0])) look(item, at)
      else if (
        typeof step === 'string' &&
        (fileKey.test(step) || (localKeys.has(step) && !path.includes('expect')))
      ) {
        found.push(at)
      } else if (!freeKeys.has(name)) look(item, at)
    }
  }
  look(value, top)
  return found
}

/** Reports every key by which a configuration would reach into the machine that it is used on. */
export function refuseLocal(source: ParsedFile, issues: Issues): void {
  const { value } = source.tree
  if (!isMapping(value)) return
  for (const [key, below] of Object.entries(value)) {
    if (key.startsWith('x-')) continue
    for (const path of localPaths(below, [key]))
      issues.add({ source, at: [] }, path, 'key', `${why}: it would reach into the machine that probes`)
  }
}

/**
 * Says which `${...}` a configuration from a URL may not have: it could send whatever it names to a target of its choice.
 *
 * @param allowed Names of environment variables; one that ends in `*` is the beginning of names.
 */
export function refuseReferences(allowed: readonly string[]): (reference: Reference) => string | undefined {
  return (reference) => {
    if ('file' in reference) return `\${file:...} ${why}`
    const { name } = reference
    if (name !== tokenVariable && allowed.some((pattern) => matches(name, pattern))) return undefined
    return `the environment variable ${name} ${why}: allow it with --config.allow-env ${name}`
  }
}

/** It is for the server of the configuration alone. */
export const tokenVariable = 'PROBITY_CONFIG_TOKEN'

function matches(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern
}
