import type { ForeignFormat } from '../foreign.ts'
import type { RemoteAccess } from '../remote/source.ts'
import type { Environment } from '../../settings/secrets.ts'
import type { PieceCache } from '../../settings/yaml/pieces.ts'
import type { Found } from './discovered.ts'
import type { Documents } from './documents.ts'

/** How a configuration is loaded. */
export interface LoadOptions {
  /** What `${NAME}` is read from. */
  readonly env: Environment
  /** Reads the file of a `${file:...}`, or another one of the folder, of so many MiB at most (default 1). Default: from disk. */
  readonly readSecret?: (path: string, maxMebibytes?: number) => string
  /** What was parsed for the last load. Default: nothing. */
  readonly pieces?: PieceCache
  /** The names of the channels of notify.yml, if `notify:` has to be checked against them. */
  readonly channels?: readonly string[]
  /** The formats of other programs that are read too. Default: none. */
  readonly foreign?: readonly ForeignFormat[]
  /** How a configuration is asked for that comes from a URL. Default: without a token. */
  readonly remote?: RemoteAccess
  /** Whether `loadConfig` asks the sources of `targets_from:` once. Default: it does not. */
  readonly discover?: boolean
  /** What the sources of `targets_from:` have answered. Default: none was asked. */
  readonly found?: Found
  /** What is known of documents that are named by a URL. Default: they are asked for. */
  readonly documents?: Documents
  /** Whether to remember where everything was written, which keeps all that was read. Default: no. */
  readonly origins?: boolean
}
