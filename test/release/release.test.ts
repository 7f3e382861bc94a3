import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cutChangelog, notesOf } from '../../scripts/release/changelog.ts'
import { versionAt, versionPlaces, withVersion } from '../../scripts/release/versions.ts'
import { root } from '../../scripts/stack/shipped-files.ts'

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const { version } = JSON.parse(read('package.json')) as { version: string }

describe('the version', () => {
  it.each(versionPlaces)('is the same at $before in $path', (place) => {
    expect(versionAt(place, read(place.path))).toBe(version)
  })

  it.each(versionPlaces)('is written at $before in $path, and nothing else', (place) => {
    const text = read(place.path)
    const next = withVersion(place, text, '77.0.1')
    expect(versionAt(place, next)).toBe('77.0.1')
    expect(withVersion(place, next, version)).toBe(text)
  })

  it('is not written where it does not stand', () => {
    expect(() => withVersion({ path: 'a.md', before: /probity-/ }, 'probity-x', '1.2.3')).toThrow(
      'a.md: nothing matches /probity-/',
    )
  })
})

describe('the changelog', () => {
  const text = '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- a\n\n## 0.1.0 - 2026-01-02\n\n- b\n'

  it('is cut: what was not released becomes a version', () => {
    const cut = cutChangelog(text, '0.2.0', '2026-03-04')
    expect(cut).toBe(
      '# Changelog\n\n## [Unreleased]\n\n## 0.2.0 - 2026-03-04\n\n### Added\n\n- a\n\n## 0.1.0 - 2026-01-02\n\n- b\n',
    )
    expect(notesOf(cut, '0.2.0')).toBe('### Added\n\n- a')
    expect(notesOf(cut, '0.1.0')).toBe('- b')
  })

  it('is not cut if nothing has changed, and has no notes of a version that was not cut', () => {
    expect(() => cutChangelog(cutChangelog(text, '0.2.0', '2026-03-04'), '0.3.0', '2026-03-05')).toThrow(
      'nothing under "Unreleased"',
    )
    expect(() => notesOf(text, '0.2.0')).toThrow('CHANGELOG.md has no heading "## 0.2.0 - DATE"')
  })
})
