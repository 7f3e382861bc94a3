import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Who makes the calls. */
export interface Identity {
  readonly caller: string
  readonly version: string
}

export interface IdentityOptions extends Partial<Identity> {
  readonly env: Record<string, string | undefined>
  /** The file that the program was started with, or undefined when there is none. */
  readonly main: string | undefined
  readonly workingDirectory: string
}

/**
 * What is given, else `PROBITY_CALLER` and `PROBITY_VERSION`, else name and version of the package.json that is
 * nearest to the program; empty when there is none.
 */
export function identify({ caller, version, env, main, workingDirectory }: IdentityOptions): Identity {
  const told = { caller: caller ?? env.PROBITY_CALLER, version: version ?? env.PROBITY_VERSION }
  if (told.caller !== undefined && told.version !== undefined) {
    return { caller: told.caller, version: told.version }
  }
  const manifest = nearestManifest(main === undefined ? workingDirectory : dirname(main))
  return { caller: told.caller ?? manifest.caller, version: told.version ?? manifest.version }
}

function nearestManifest(folder: string): Identity {
  try {
    const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      name?: unknown
      version?: unknown
    }
    // One without a name only says how to read the files next to it.
    if (typeof name === 'string') return { caller: name, version: typeof version === 'string' ? version : '' }
  } catch {
    // None here, or none that can be read: the next one above counts.
  }
  const parent = dirname(folder)
  return parent === folder ? { caller: '', version: '' } : nearestManifest(parent)
}
