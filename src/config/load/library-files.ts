import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { codeOf } from '../../lib/errors.ts'
import { readSecretFile } from '../../settings/secrets.ts'

/** The modules of this installation. */
const shipped = fileURLToPath(new URL('../../../config/library', import.meta.url))

/** The folder of modules, in the folder of the configuration. */
const folderName = 'library'

/** What the system says where there is no such file, or no such folder. */
const missing: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR'])

/** A module of the library of vendors. */
interface ModuleFile {
  /** Absolute. */
  readonly file: string
  readonly text: string
}

/** Finds modules of the library by their names: in the folder of the configuration first, then in this installation. */
export interface ModuleFiles {
  /** @throws Error where it is there and cannot be read. */
  readonly read: (name: string) => ModuleFile | undefined
  readonly names: () => string[]
  /** Absolute: those that were read, or looked for in vain. */
  readonly files: ReadonlySet<string>
}

/** @param directory The folder of the configuration. Absent where its author may not choose files of this machine. */
export function createModuleFiles(directory: string | undefined): ModuleFiles {
  const folders = [...(directory === undefined ? [] : [join(directory, folderName)]), shipped]
  const files = new Set<string>()
  return {
    files,
    read(name) {
      for (const folder of folders) {
        const file = join(folder, `${name}.yml`)
        files.add(file)
        try {
          return { file, text: readSecretFile(file) }
        } catch (error) {
          if (!missing.has(codeOf(error))) throw error
        }
      }
      return undefined
    },
    names: () => [...new Set(folders.flatMap(namesIn))].sort(),
  }
}

/** The texts of the modules in the folder of a configuration. Those that cannot be read are left out. */
export function ownModuleTexts(directory: string): string[] {
  const folder = join(directory, folderName)
  return namesIn(folder).flatMap((name) => {
    try {
      return [readSecretFile(join(folder, `${name}.yml`))]
    } catch {
      return []
    }
  })
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).flatMap((name) =>
      name.endsWith('.yml') ? [name.slice(0, -'.yml'.length)] : [],
    )
  } catch {
    return []
  }
}
