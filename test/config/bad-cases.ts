import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'

/** One configuration that is refused, of the tables in `bad-cases/TOPIC.yml`. */
export interface BadCase {
  readonly name: string
  readonly topic: string
  /** What is in targets.yml, or what is in the files of a folder named config. */
  readonly content: string | Readonly<Record<string, string>>
  /** All that is said of it, a line per problem. */
  readonly says: string
}

type Row = { readonly says: string } & (
  | { readonly text: string }
  | { readonly files: Readonly<Record<string, string>> }
)

const folder = join(import.meta.dirname, 'bad-cases')

export const badCases: readonly BadCase[] = readdirSync(folder).flatMap((file) => {
  const rows = parse(readFileSync(join(folder, file), 'utf8')) as Record<string, Row>
  return Object.entries(rows).map(([name, row]) => ({
    name,
    topic: file.replace(/\.yml$/, ''),
    content: 'text' in row ? row.text : row.files,
    says: row.says,
  }))
})

/** The text of the case of this name, which is one of a single file. */
export function badText(name: string): string {
  const text = badCases.find((one) => one.name === name)?.content
  if (typeof text !== 'string') throw new Error(`no case of a single file: ${name}`)
  return text
}

/** What property tests begin with: every text that is quickly read, thus no bomb. */
export const badTexts: readonly string[] = badCases.flatMap(({ name, content }) =>
  typeof content === 'string' && !name.includes('bomb') ? [content] : [],
)

/**
 * Writes a case below a folder that exists.
 *
 * @returns The path to load.
 */
export async function writeBadCase({ content }: BadCase, below: string): Promise<string> {
  if (typeof content === 'string') {
    const path = join(below, 'targets.yml')
    await writeFile(path, content)
    return path
  }
  const path = join(below, 'config')
  await mkdir(path)
  for (const [name, text] of Object.entries(content)) await writeFile(join(path, name), text)
  return path
}
