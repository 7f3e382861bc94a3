const unreleased = '## [Unreleased]\n'

/**
 * The changelog with what is under "Unreleased" as a version, and nothing under "Unreleased".
 *
 * @throws If nothing has changed.
 */
export function cutChangelog(text: string, version: string, date: string): string {
  const start = text.indexOf(unreleased)
  if (start === -1) throw new Error('CHANGELOG.md has no heading "## [Unreleased]"')
  const rest = text.slice(start + unreleased.length)
  const end = /^## /m.exec(rest)?.index ?? rest.length
  if (rest.slice(0, end).trim() === '') throw new Error('CHANGELOG.md has nothing under "Unreleased"')
  return `${text.slice(0, start)}${unreleased}\n## ${version} - ${date}\n${rest}`
}

/**
 * What the changelog says about a version, without its heading.
 *
 * @throws If it does not have the version.
 */
export function notesOf(text: string, version: string): string {
  const heading = new RegExp(`^## ${version.replaceAll('.', '\\.')} - \\d{4}-\\d\\d-\\d\\d\\n`, 'm')
  const found = heading.exec(text)
  if (found === null)
    throw new Error(`CHANGELOG.md has no heading "## ${version} - DATE": run "npm run release"`)
  const rest = text.slice(found.index + found[0].length)
  return rest.slice(0, /^## /m.exec(rest)?.index).trim()
}
