import { readFileSync } from 'node:fs'

interface Manifest {
  readonly version: string
}

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Manifest

/** The version of this package. */
export const version = manifest.version

/** The commit that was built; `source` where the program runs without a build. */
function revision(): string {
  try {
    return readFileSync(new URL('../revision', import.meta.url), 'utf8').trim()
  } catch {
    return 'source'
  }
}

/** What `--version` prints, as the programs of Prometheus do. */
export function versionText(): string {
  return [
    `probity, version ${version} (revision: ${revision()})`,
    `  node version: ${process.version}`,
    `  platform:     ${process.platform}/${process.arch}`,
  ].join('\n')
}
