import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { root } from '../../../scripts/stack/shipped-files.ts'

export type Secrets = ReadonlyMap<string, Readonly<Record<string, string>>>

/** What deploy/kubernetes/secrets.sh prints: the keys and values of each Secret. */
export function generateSecrets(): Secrets {
  const output = execFileSync('sh', [join(root, 'deploy/kubernetes/secrets.sh')], { encoding: 'utf8' })
  return new Map(
    parseAllDocuments(output).map((document) => {
      const { metadata, stringData } = document.toJS() as {
        metadata: { name: string }
        stringData: Record<string, string>
      }
      return [metadata.name, stringData]
    }),
  )
}

let once: Secrets | undefined

/** The same for all who only want to know the keys. */
export function generatedSecrets(): Secrets {
  return (once ??= generateSecrets())
}
