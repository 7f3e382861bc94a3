import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../../scripts/stack/shipped-files.ts'

const folder = join(root, 'docs/recipes')

export const recipeNames: readonly string[] = readdirSync(folder)
  .filter((name) => name !== 'README.md')
  .map((name) => name.replace(/\.md$/, ''))

export interface RecipePage {
  readonly text: string
  /** What is in the blocks of a language, in the order of the page. */
  readonly blocks: (language: string) => string[]
  readonly targets: string
  /** The targets that the reader tries with `probity probe`, in the shell or in a Pod. */
  readonly tried: readonly string[]
}

export function readRecipe(name: string): RecipePage {
  const text = readFileSync(join(folder, `${name}.md`), 'utf8')
  const all = [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)]
  const blocks = (language: string): string[] =>
    all.filter(([, of]) => of === language).map(([, , block = '']) => block)
  const targets = blocks('yaml').find((block) => block.startsWith('# targets.yml\n')) ?? ''
  const tried = [...blocks('sh').join('').matchAll(/ probe (\S+)$|^probity probe (\S+)$/gm)].map(
    ([, pod, shell]) => pod ?? shell ?? '',
  )
  return { text, blocks, targets, tried }
}
