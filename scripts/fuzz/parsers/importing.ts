import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Importer } from '../../../src/foreign/shared/importer.ts'
import { parseYaml } from '../../../src/settings/yaml/yaml.ts'
import { root } from '../../stack/shipped-files.ts'
import { expectThat, expectWords, refusable, type Parser } from '../parser.ts'

export const fixtures = join(root, 'test/commands/import/fixtures')
export const fixture = (name: string): string => readFileSync(join(fixtures, name), 'utf8')

const folder = mkdtempSync(join(tmpdir(), 'probity-fuzz-'))
process.once('exit', () => {
  rmSync(folder, { recursive: true, force: true })
})

/** Few modules, because they are read each time. */
const modulesFile = join(folder, 'modules.yml')
writeFileSync(
  modulesFile,
  'modules: { http_2xx: { prober: http, timeout: 5s }, dns_soa: { prober: dns, dns: { query_name: a.example } }, icmp: { prober: icmp } }',
)

/** Imports one file. What is made of it must be YAML that can be read. */
export function imported(importer: Importer, name: string, flags = {}): Parser['parse'] {
  const file = join(folder, `${importer.name}-${name}`)
  return (input) => {
    writeFileSync(file, input)
    const from = flags === withTargets ? modulesFile : file
    return refusable(async () => {
      const { files, notes } = await importer.read(from, {}, flags === withTargets ? { targets: file } : {})
      for (const { text } of files) {
        const [problem] = parseYaml(text).problems
        expectThat(problem === undefined, `it makes YAML that is not valid: ${problem?.message ?? ''}`)
      }
      for (const note of notes) expectWords(note)
    })
  }
}

/** A document with lists, as one for each item: they are read in less time, and more of them are valid when something is changed. */
export function onePerDocument(document: unknown, lists: readonly string[]): object[] {
  const entries = Object.entries(document ?? {}) as [string, unknown][]
  const rest = entries.filter(([key]) => !lists.includes(key))
  return entries
    .filter(([key, items]) => lists.includes(key) && Array.isArray(items))
    .flatMap(([key, items]) =>
      (items as unknown[]).map((item) => Object.fromEntries([...rest, [key, [item]]])),
    )
}

/** The file is the second one that is read. */
export const withTargets = {}

export const inFolder = (folderName: string, files: readonly string[]): string[] =>
  files.map((file) => `src/foreign/${folderName}/${file}.ts`)
