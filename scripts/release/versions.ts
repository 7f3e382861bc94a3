/** A place in a file that names the version of this repository. */
interface Place {
  readonly path: string
  /** Everything in front of the version, and after it. */
  readonly before: RegExp
}

/**
 * Every place that names the version. The API has its own (`v1` in docs/openapi.json), and the clients that are copied
 * into a program (Go, Java, Ruby, PHP) have none: for those the wire format counts.
 */
export const versionPlaces: readonly Place[] = [
  { path: 'package.json', before: /^ {2}"version": "/m },
  { path: 'package.json', before: /"probity-client": "/ },
  { path: 'client/package.json', before: /^ {2}"version": "/m },
  { path: 'package-lock.json', before: /^ {2}"version": "/m },
  { path: 'package-lock.json', before: /"": \{\s+"name": "@probity-monitor\/probity",\s+"version": "/ },
  { path: 'package-lock.json', before: /"probity-client": "/ },
  { path: 'package-lock.json', before: /"name": "probity-client",\s+"version": "/ },
  { path: 'clients/python/pyproject.toml', before: /^version = "/m },
  { path: 'Dockerfile', before: /^ARG PROBITY_VERSION=/m },
  { path: 'man/probity.1', before: /^\.TH PROBITY 1 "" "probity /m },
  { path: 'README.md', before: /probity-monitor-probity-/ },
  { path: 'docs/client.md', before: /\.\/probity-client-/ },
  { path: 'docs/existing-prometheus.md', before: /probity-monitor-probity-/ },
  { path: 'docs/kubernetes.md', before: /newTag: / },
  { path: 'docs/kubernetes.md', before: /image\.tag=/ },
]

const version = /^\d+\.\d+\.\d+/

/** The version that a place names; undefined where nothing looks like one. */
export function versionAt({ before }: Place, text: string): string | undefined {
  const found = before.exec(text)
  if (found === null) return undefined
  return version.exec(text.slice(found.index + found[0].length))?.[0]
}

/**
 * The text with another version at a place.
 *
 * @throws If the place is not there.
 */
export function withVersion(place: Place, text: string, next: string): string {
  const found = place.before.exec(text)
  const current = versionAt(place, text)
  if (found === null || current === undefined)
    throw new Error(`${place.path}: nothing matches ${String(place.before)}`)
  const start = found.index + found[0].length
  return text.slice(0, start) + next + text.slice(start + current.length)
}
