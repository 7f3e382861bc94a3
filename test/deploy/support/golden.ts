import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import type { Overlay } from './kustomize.ts'

/** Where the golden file of an overlay is. `npm run golden` writes it. */
export function goldenFile(overlay: Overlay): string {
  return join(import.meta.dirname, '../golden', `${overlay}.yaml`)
}

/** An object of Kubernetes. */
export interface Manifest {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: Record<string, string>
  }
  readonly data?: Readonly<Record<string, string>>
  readonly spec?: unknown
}

/** What kustomize makes of an overlay, without the contents of ConfigMaps and rules. */
export function readGolden(overlay: Overlay): readonly Manifest[] {
  return parseManifests(readFileSync(goldenFile(overlay), 'utf8'))
}

export function parseManifests(text: string): readonly Manifest[] {
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest)
}
