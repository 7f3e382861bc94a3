import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { cutChangelog, notesOf } from './release/changelog.ts'
import { versionAt, versionPlaces, withVersion } from './release/versions.ts'
import { root } from './stack/shipped-files.ts'

/**
 * `npm run release -- 0.3.0` writes a new version everywhere and cuts the changelog; `--check v0.3.0` finds out whether
 * that was done, for the tag that a release is made from; `--notes` prints what the changelog says about the version.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    check: { type: 'string' },
    notes: { type: 'boolean', default: false },
    date: { type: 'string', default: new Date().toISOString().slice(0, 10) },
  },
})
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8')
const [next] = positionals

if (values.check !== undefined) {
  const wanted = values.check.replace(/^v/, '')
  for (const place of versionPlaces) {
    const found = versionAt(place, await read(place.path))
    if (found !== wanted) throw new Error(`${place.path} names ${String(found)}, expected ${wanted}`)
  }
  notesOf(await read('CHANGELOG.md'), wanted)
} else if (values.notes) {
  const { version } = JSON.parse(await read('package.json')) as { version: string }
  console.log(notesOf(await read('CHANGELOG.md'), version))
} else if (next !== undefined && /^\d+\.\d+\.\d+$/.test(next)) {
  await writeFile(join(root, 'CHANGELOG.md'), cutChangelog(await read('CHANGELOG.md'), next, values.date))
  for (const place of versionPlaces)
    await writeFile(join(root, place.path), withVersion(place, await read(place.path), next))
  console.log(
    `CHANGELOG.md has a section for ${next}: begin it with what is new, then commit, and tag v${next}`,
  )
} else {
  console.error('usage: npm run release -- 0.3.0 | --check v0.3.0 | --notes')
  process.exitCode = 2
}
