import { describe, expect, it } from 'vitest'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Manifest {
  license: string
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
}

const root = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const manifest = (path: string): Manifest => JSON.parse(read(path)) as Manifest

/** The rows of the table below some headings, as package name -> the row's text. */
function rows(...headings: readonly string[]): Map<string, string> {
  const sections = read('docs/dependencies.md').split(/^## /m)
  const chosen = headings.map((heading) => {
    const section = sections.find((text) => text.startsWith(heading))
    if (section === undefined) throw new Error(`docs/dependencies.md has no heading "${heading}"`)
    return section
  })
  const lines = chosen.join('\n').split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| package'))
  return new Map(lines.map((line) => [line.split('|')[1]!.trim(), line]))
}

describe.each([
  ['dependencies', ['At run time']],
  ['devDependencies', ['In the bundle', 'To develop and to test']],
] as const)('docs/dependencies.md, %s', (key, headings) => {
  const packages = manifest('package.json')[key]

  it('has exactly one row for each package', () => {
    expect([...rows(...headings).keys()].sort()).toEqual(Object.keys(packages).sort())
  })

  it.each(Object.keys(packages))('says the licence of %s', (name) => {
    const { license } = manifest(`node_modules/${name}/package.json`)
    expect(rows(...headings).get(name)).toContain(`| ${license} |`)
  })

  it.each(Object.entries(packages))('pins %s exactly', (_name, version) => {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/)
  })
})

describe('package-lock.json', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>
  }

  /** npm leaves out what it cannot find when it writes the lock, and `npm ci` then refuses it on every machine. */
  it('has the optional packages of every platform', () => {
    const wanted = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}))
    const missing = wanted.filter((name) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`)))
    expect(missing).toEqual([])
  })

  it('names no registry, so that each machine uses its own', () => {
    expect(read('package-lock.json')).not.toContain('"resolved": "http')
  })
})
