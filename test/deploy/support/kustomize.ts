import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { parseAllDocuments, stringify } from 'yaml'
import { findTool } from '../../support/programs/find-tool.ts'
import { root } from '../../../scripts/stack/shipped-files.ts'

/** What a user applies: a folder of deploy/kubernetes each. */
export const overlays = ['standalone', 'operator', 'locations'] as const
export type Overlay = (typeof overlays)[number]

/** A program that builds them, and its arguments. Debian's kubectl is too old before version 13. */
const builders: readonly (readonly [string, ...string[]])[] = [
  ['kustomize', 'build'],
  ['kubectl', 'kustomize'],
]

/** The first builder that is installed and new enough. */
export function findBuilder(): readonly [string, ...string[]] | undefined {
  return builders.find(([program]) => findTool(program) !== undefined && isNewEnough(program))
}

/** `labels` with `includeSelectors` came with version 4. The version of kustomize in kubectl is the second line. */
function isNewEnough(program: string): boolean {
  if (program === 'kustomize') return true
  const text = execFileSync(program, ['version', '--client'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return Number(/Kustomize Version: v(\d+)/.exec(text)?.[1] ?? 0) >= 5
}

/** Everything that an overlay consists of. */
export function build([program, ...args]: readonly [string, ...string[]], overlay: Overlay): string {
  return execFileSync(program, [...args, join(root, 'deploy/kubernetes', overlay)], {
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  })
}

/**
 * What is compared with the golden file: files in ConfigMaps and the groups of rules are replaced by a mark, because they
 * have their own tests. What the name of a ConfigMap derives from its content is left out.
 */
export function summarize(output: string): string {
  const objects = parseAllDocuments(output).map((document) => document.toJS() as Summarized)
  const hashes = objects.flatMap(({ kind, metadata: { name } }) =>
    kind === 'ConfigMap' ? (/-at-start-(\w{10})$/.exec(name)?.[1] ?? []) : [],
  )
  for (const object of objects) {
    if (object.kind === 'ConfigMap' && object.data)
      object.data = Object.fromEntries(Object.keys(object.data).map((file) => [file, 'the file']))
    if (object.kind === 'PrometheusRule') object.spec = { groups: [] }
  }
  const text = objects.map((object) => stringify(object, { lineWidth: 0, singleQuote: true })).join('---\n')
  return hashes.reduce((result, hash) => result.replaceAll(hash, 'hash'), text)
}

interface Summarized {
  kind: string
  metadata: { name: string }
  data?: Record<string, string>
  spec?: unknown
}
