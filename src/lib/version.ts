import { readFileSync } from 'node:fs'

interface Manifest {
  readonly version: string
}

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Manifest

/** The version of this package. */
export const version = manifest.version
