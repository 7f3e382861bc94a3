import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { shippedPackages } from '../../scripts/build/third-party.ts'
import { refusedLicences } from '../../scripts/release/licences.ts'
import { shippedBom, type Bom } from '../../scripts/release/sbom.ts'
import { root } from '../../scripts/stack/shipped-files.ts'

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const shipped = await shippedPackages(root)

describe('the packages of others', () => {
  it('are those of the bundle and those that it is installed with', () => {
    const names = shipped.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining(['express', 'zod', 'side-channel', '@electric-sql/pglite', 'safer-buffer']),
    )
    expect(names).not.toContain('vitest')
    expect(names).not.toContain('probity-client')
  })

  it('have licences that are accepted', () => {
    expect(refusedLicences(shipped)).toEqual([])
    expect(refusedLicences([{ name: 'x', version: '1.0.0', licence: 'AGPL-3.0' }])).toHaveLength(1)
  })

  it('go with the text of their licence', () => {
    const texts = read('dist/licences.txt')
    const bundled = JSON.parse(read('dist/packages.json')) as {
      name: string
      version: string
      licence: string
    }[]
    for (const { name, version, licence } of bundled)
      expect(texts).toContain(`${name} ${version} (${licence})\n\n`)
    expect(texts).toContain('Copyright (c) 2009-2014 TJ Holowaychuk')
  })
})

describe('an installation', () => {
  it('runs no scripts of packages, in a checkout and in the image', () => {
    expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m)
    expect(read('Dockerfile').match(/npm (ci|prune)\b.*/g)).toEqual([
      expect.stringContaining('--ignore-scripts'),
      expect.stringContaining('--ignore-scripts'),
    ])
  })

  it('is what the lock file says: every package with its checksum', () => {
    const { packages } = JSON.parse(read('package-lock.json')) as {
      packages: Record<string, { integrity?: string; link?: boolean; inBundle?: boolean }>
    }
    const loose = Object.entries(packages).filter(
      ([path, { integrity, link, inBundle }]) =>
        path.includes('node_modules/') && !link && !inBundle && !/^sha512-/.test(integrity ?? ''),
    )
    expect(loose.map(([path]) => path)).toEqual([])
  })
})

describe('the bill of materials', () => {
  const component = (name: string, version: string): Bom['components'][number] => ({
    'bom-ref': `${name}@${version}`,
    name: name.split('/').pop()!,
    version,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    scope: 'optional',
  })
  const bom: Bom = {
    metadata: { component: component('@probity-monitor/probity', '1.0.0') },
    components: [component('@a/b', '1.0.0'), component('b', '2.0.0'), component('vitest', '3.0.0')],
    dependencies: [
      { ref: '@probity-monitor/probity@1.0.0', dependsOn: ['@a/b@1.0.0', 'vitest@3.0.0'] },
      { ref: '@a/b@1.0.0', dependsOn: ['b@2.0.0'] },
      { ref: 'vitest@3.0.0', dependsOn: [] },
    ],
  }

  it('lists what is shipped, bundled packages too, and nothing else', () => {
    const rows = ['@a/b 1.0.0', 'b 2.0.0'].map((row) => {
      const [name = '', version = ''] = row.split(' ')
      return { name, version, licence: 'MIT' }
    })
    expect(shippedBom(bom, rows, 'abc')).toMatchObject({
      metadata: { component: { name: '@probity-monitor/probity', type: 'application' } },
      components: [
        { 'bom-ref': '@a/b@1.0.0', scope: 'required' },
        { 'bom-ref': 'b@2.0.0', scope: 'required' },
      ],
      dependencies: [
        { ref: '@probity-monitor/probity@1.0.0', dependsOn: ['@a/b@1.0.0'] },
        { ref: '@a/b@1.0.0', dependsOn: ['b@2.0.0'] },
      ],
    })
  })

  it('is refused if npm does not know a package that is shipped', () => {
    const rows = [{ name: 'c', version: '1.0.0', licence: 'MIT' }]
    expect(() => shippedBom(bom, rows, 'abc')).toThrow('npm sbom does not list c@1.0.0')
  })
})
