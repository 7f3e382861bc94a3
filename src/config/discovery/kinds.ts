import { docker } from './docker.ts'
import { dnsSrv } from './dns-srv.ts'
import { fileSd } from './file-sd.ts'
import { httpSd } from './http-sd.ts'
import type { SourceKind } from './kind.ts'

/** Every kind of source that targets come from. A new one is a file and a row here. */
export const sourceKinds: readonly SourceKind[] = [httpSd, fileSd, dnsSrv, docker]
