import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../../scripts/stack/shipped-files.ts'

/** A block of code of a page. */
export interface Block {
  readonly page: string
  /** The page and the line where it starts. */
  readonly place: string
  /** What stands after the fence; empty for what a program prints, and for `*.mm`. */
  readonly language: string
  /** Without the indentation of its list. */
  readonly text: string
}

const folders = ['', 'docs', 'docs/recipes', 'client', 'clients/go', 'clients/java', 'clients/php', 'clients/python', 'clients/ruby']

/** Every page for people, from the root. */
export const pages: readonly string[] = folders.flatMap((folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
)

export function textOf(page: string): string {
  return readFileSync(join(root, page), 'utf8')
}

function blocksOf(page: string): Block[] {
  const text = textOf(page)
  return [...text.matchAll(/^( *)```(\w*)\n(.*?)^\1```$/gms)].map((match) => ({
    page,
    place: `${page}:${text.slice(0, match.index).split('\n').length}`,
    language: match[2] ?? '',
    text: (match[3] ?? '').replaceAll(new RegExp(`^${match[1] ?? ''}`, 'gm'), ''),
  }))
}

/** Every block of every page. */
export const blocks: readonly Block[] = pages.flatMap(blocksOf)

/** The blocks of some languages. */
export function blocksIn(...languages: readonly string[]): Block[] {
  return blocks.filter(({ language }) => languages.includes(language))
}
