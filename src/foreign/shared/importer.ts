import type { Option } from '@commander-js/extra-typings'
import type { Environment } from '../../settings/secrets.ts'

/** A file that an import makes. */
export interface ImportedFile {
  readonly name: string
  readonly text: string
  /** Whether it holds nothing but secrets, and is never printed. Default: no. */
  readonly isSecret?: boolean
}

/** What an import makes. */
export interface Imported {
  readonly files: readonly ImportedFile[]
  /** What could not be carried over, or is not as it was, for a person. */
  readonly notes: readonly string[]
}

/** Reads the configuration of another program. */
export interface Importer {
  /** As it is named on the command line. */
  readonly name: string
  readonly summary: string
  /** What its command has in addition to what every import has. Default: nothing. */
  readonly options?: () => Option[]
  /**
   * @param flags The values of its options.
   * @throws ProbityError where it cannot be read.
   */
  readonly read: (
    path: string,
    env: Environment,
    flags?: Readonly<Record<string, unknown>>,
  ) => Promise<Imported>
}
