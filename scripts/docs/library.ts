import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { withTables } from './page.ts'

const root = join(import.meta.dirname, '../..')
const folder = join(root, 'config/library')

/** docs/library.md: written by hand, but for the table of the modules, which comes from the comments at their top. */
export function libraryDoc(): string {
  return withTables('docs/library.md', readFileSync(join(root, 'docs/library.md'), 'utf8'), { modules })
}

const columns = ['Calls', 'Key', 'Cost', 'Limits'] as const

function modules(): string {
  const rows = readdirSync(folder).map((file) => rowOf(file.replace(/\.yml$/, '')))
  return [
    '| module | of | what is called | key | cost of a call | limits | sources |',
    '|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

function rowOf(name: string): string {
  const text = readFileSync(join(folder, `${name}.yml`), 'utf8')
  const said = (what: string): string => {
    const words = new RegExp(`^# ${what}: (.+)$`, 'm').exec(text)?.[1]
    if (words === undefined) throw new Error(`config/library/${name}.yml does not say its ${what}`)
    return words
  }
  const [, title = ''] = /^#\n# (.+)$/m.exec(text) ?? []
  const urls = [...text.matchAll(/^#(?: Sources:|  ) (https:\S+)$/gm)].map(([, url = '']) => url)
  if (title === '' || urls.length === 0) throw new Error(`config/library/${name}.yml has no title or no sources`)
  const sources = urls.map((url, index) => `[${index + 1}](${url})`).join(' ')
  const link = `[\`${name}\`](../config/library/${name}.yml)`
  return `| ${[link, title.replace(': ', ', '), ...columns.map(said), sources].join(' | ')} |`
}
