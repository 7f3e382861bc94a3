import { describe, expect, it } from 'vitest'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { foreignFormats } from '../../src/foreign/index.ts'
import { parseConfig } from '../../src/config/load/load.ts'

const root = join(import.meta.dirname, '../..')
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...['docs', 'docs/recipes'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  ),
]

interface Block {
  /** The page and the line where it starts. */
  readonly place: string
  readonly text: string
}

function yamlBlocks(page: string): Block[] {
  const text = readFileSync(join(root, page), 'utf8')
  return [...text.matchAll(/^( *)```ya?ml\n(.*?)^\1```$/gms)].map((match) => ({
    place: `${page}:${text.slice(0, match.index).split('\n').length}`,
    text: (match[2] ?? '').replaceAll(new RegExp(`^${match[1] ?? ''}`, 'gm'), ''),
  }))
}

/** A block is a configuration where it says so in its first line, or lists targets. */
const isConfig = ({ text }: Block): boolean => text.startsWith('# targets.yml') || /^targets:/m.test(text)

const blocks = pages.flatMap(yamlBlocks)
const configs = blocks.filter(isConfig)
const others = blocks.filter((block) => !isConfig(block))

/** Every variable and every secret file exists. */
const env = new Proxy<Record<string, string>>({}, { get: () => 'from-the-environment' })

describe('the YAML of the documentation', () => {
  it('is found', () => {
    expect(configs.length).toBeGreaterThan(10)
  })

  it.each(configs)('$place is a valid configuration', ({ place, text }) => {
    const read = { sources: [{ file: place, text }], directory: '/', files: [] }
    expect(() => parseConfig(read, { env, foreign: foreignFormats, readSecret: () => 'secret' })).not.toThrow()
  })

  if (others.length > 0) {
    it.each(others)('$place parses', ({ text }) => {
      const errors = parseAllDocuments(text).flatMap((document) => ('errors' in document ? document.errors : []))
      expect(errors).toEqual([])
    })
  }
})

describe('docs/targets.md', () => {
  const page = readFileSync(join(root, 'docs', 'targets.md'), 'utf8')
  const schema = JSON.parse(readFileSync(join(root, 'config', 'schema', 'targets.schema.json'), 'utf8')) as Schema

  it('has a row for every key', () => {
    const target = propertiesOf(propertiesOf(schema.anyOf[0])['targets']?.items?.anyOf?.[1])
    const keys = [...Object.keys(target), ...Object.keys(propertiesOf(target['expect']))]
    expect(keys.length).toBeGreaterThan(20)
    expect(keys.filter((key) => !new RegExp(`^\\| \`${key}(\\.\\w+)?\` \\|`, 'm').test(page))).toEqual([])
  })
})

interface Property {
  readonly properties?: Readonly<Record<string, Property>>
  readonly items?: { readonly anyOf?: readonly Property[] }
}

interface Schema {
  readonly anyOf: readonly Property[]
}

function propertiesOf(property: Property | undefined): Readonly<Record<string, Property>> {
  return property?.properties ?? {}
}
