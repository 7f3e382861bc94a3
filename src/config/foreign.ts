import type { ParsedFile } from '../settings/issues.ts'
import type { YamlTree } from '../settings/yaml/yaml.ts'
import type { Written } from './document/document.ts'
import type { Part, Reading } from './document/parts.ts'

/** A module that another program's file defines. */
export interface ForeignModule {
  readonly name: string
  readonly part: Part
  /** What a target has besides it: what is checked. */
  readonly ownPart: (target: string, report: Part['report']) => Part
  /** The key of a target that selects the kind of check. */
  readonly key: string
  /** Seconds. Absent: whatever the scrape leaves. */
  readonly timeout?: number
  /** Where it stands. */
  readonly place: string
  /** Why it cannot be used, with every place. Absent where it can. */
  readonly refusal?: string
}

export interface ForeignModules {
  readonly modules: readonly ForeignModule[]
  /** Absolute. */
  readonly files: readonly string[]
  /** What they say. */
  readonly texts: readonly string[]
}

/**
 * What the loaders know about another program's format. It is handed to them, so that a new format changes no loader.
 */
export interface ForeignFormat {
  /** Lets a file of the other program be read as targets.yml; any other file stays what it is. */
  readonly asTargets?: (source: ParsedFile, reading: Reading) => YamlTree
  /** Lets a file of the other program be read as notify.yml; any other file stays what it is. */
  readonly asNotify?: (source: ParsedFile, reading: Reading) => YamlTree
  /** What to do with a file of the other program that cannot be read as it is; undefined for any other file. */
  readonly refuse?: (source: ParsedFile) => string | undefined
  /**
   * Reads what `modules_from:` names.
   *
   * @param directory Absolute: where relative paths start.
   */
  readonly readModules?: (written: Written, directory: string, reading: Reading) => ForeignModules
}

/**
 * The tree of a file in our own words, whichever of the formats it was written in.
 *
 * @returns Nothing where it is written in one that is only converted, which is reported.
 */
export function inOurWords(
  how: 'asTargets' | 'asNotify',
  source: ParsedFile,
  formats: readonly ForeignFormat[],
  reading: Reading,
): YamlTree | undefined {
  const { file, tree } = source
  for (const { refuse } of formats) {
    const message = refuse?.(source)
    if (message === undefined) continue
    reading.issues.addRaw({ file, line: 1, column: 1, path: '', message })
    return undefined
  }
  return formats.reduce((before, format) => format[how]?.({ file, tree: before }, reading) ?? before, tree)
}
