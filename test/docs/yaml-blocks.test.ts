import { describe, expect, it } from 'vitest'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { root } from '../../scripts/stack/shipped-files.ts'
import { foreignFormats } from '../../src/foreign/index.ts'
import { parseConfig } from '../../src/config/load/load.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { blocksIn, textOf, type Block } from './support/blocks.ts'

/** A block is a configuration where it says so in its first line, or lists targets. */
const isConfig = ({ text }: Block): boolean => text.startsWith('# targets.yml') || /^targets:/m.test(text)

const yaml = blocksIn('yaml', 'yml')
const configs = yaml.filter(isConfig)
const others = yaml.filter((block) => !isConfig(block))

/** Every variable and every secret file exists, except for those of the library that have a default. */
const env = new Proxy<Record<string, string>>(
  {},
  { get: (_none, name) => (/_(?:URL|EXPIRES)$/.test(String(name)) ? undefined : 'from-the-environment') },
)

/** The specification that the examples name. */
const petstore = JSON.stringify({
  openapi: '3.1.0',
  paths: {
    '/pets': { get: { operationId: 'listPets' } },
    '/pets/{petId}': { delete: { operationId: 'deletePet' } },
    '/internal/{id}': { get: {} },
  },
})

describe('the YAML of the documentation', () => {
  it('is found', () => {
    expect(configs.length).toBeGreaterThan(10)
  })

  it.each(configs)('$place is a valid configuration', async ({ place, text }) => {
    const directory = await tempFolder()
    await writeFile(join(directory, 'logo.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
    const read = { sources: [{ file: place, text }], directory, files: [] }
    const readSecret = (path: string) => (path.endsWith('petstore.yaml') ? petstore : 'secret')
    expect(() => parseConfig(read, { env, foreign: foreignFormats, readSecret })).not.toThrow()
  })

  if (others.length > 0) {
    it.each(others)('$place parses', ({ text }) => {
      const errors = parseAllDocuments(text).flatMap((document) => ('errors' in document ? document.errors : []))
      expect(errors).toEqual([])
    })
  }
})

describe('docs/targets.md', () => {
  const page = textOf('docs/targets.md')
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
