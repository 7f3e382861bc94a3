import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../../scripts/stack/shipped-files.ts'
import { blackboxImporter } from '../../src/foreign/blackbox/import.ts'
import { gatusImporter } from '../../src/foreign/gatus/import.ts'
import { healthchecksImporter } from '../../src/foreign/healthchecks/import.ts'
import { httpcheckImporter } from '../../src/foreign/httpcheck/import.ts'
import type { Importer } from '../../src/foreign/shared/importer.ts'
import { metristImporter } from '../../src/foreign/metrist/import.ts'
import { postmanImporter } from '../../src/foreign/postman/import.ts'
import { uptimeKumaImporter } from '../../src/foreign/uptime-kuma/import.ts'
import { parseYaml } from '../../src/settings/yaml/yaml.ts'
import { ProbityError } from '../../src/lib/errors.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { partOf } from '../support/proof.ts'

const fixture = (name: string): unknown =>
  parseYaml(readFileSync(join(root, 'test/commands/import/fixtures', name), 'utf8')).tree?.value

/** The same document with something else in one of its places. */
function replaced(value: unknown, path: readonly number[], by: unknown): unknown {
  if (typeof value !== 'object' || value === null) return by
  const entries = Object.entries(value as Record<string, unknown>)
  const [step = 0, ...rest] = path
  if (entries.length === 0 || path.length === 0) return by
  const chosen = step % entries.length
  const changed = entries.map(
    ([key, item], index) => [key, index === chosen ? replaced(item, rest, by) : item] as const,
  )
  return Array.isArray(value) ? changed.map(([, item]) => item) : Object.fromEntries(changed)
}

const importers: readonly (readonly [string, Importer, unknown])[] = [
  ['blackbox', blackboxImporter, fixture('blackbox.yml')],
  ['gatus', gatusImporter, fixture('gatus.yaml')],
  ['healthchecks', healthchecksImporter, fixture('healthchecks/documented.json')],
  ['httpcheck', httpcheckImporter, fixture('httpcheck/every-key.yaml')],
  ['metrist', metristImporter, fixture('metrist.yml')],
  ['postman', postmanImporter, fixture('postman/shop.json')],
  ['uptime-kuma', uptimeKumaImporter, fixture('uptime-kuma/backup.json')],
]

describe('an import', () => {
  it.each(importers)(
    'of %s with anything in any of its places is YAML, or is refused',
    async (_name, importer, document) => {
      const path = join(await tempFolder(), 'source.json')
      const places = fc.array(fc.nat({ max: 200 }), { minLength: 1, maxLength: 6 })
      await fc.assert(
        fc.asyncProperty(places, fc.jsonValue({ maxDepth: 2 }), async (place, value) => {
          await writeFile(path, JSON.stringify(replaced(document, place, value)))
          try {
            const { files } = await importer.read(path, {})
            for (const { text } of files) expect(parseYaml(text).problems).toEqual([])
          } catch (error) {
            if (!(error instanceof ProbityError)) throw error
          }
        }),
        { numRuns: partOf(150, 4) },
      )
    },
  )
})
