import type { Mapping } from '../../config/document/parts.ts'
import { escapeExpansions } from '../../settings/secrets.ts'
import type { Fields } from '../shared/fields.ts'
import type { Remark } from '../shared/translation.ts'
import { isOff } from './kuma-file.ts'

/** Status pages as `web.public`. */
export interface Pages {
  readonly pages: readonly Mapping[]
  readonly notes: readonly Remark[]
}

/** Characters of a title. */
const maxTitle = 120

/** Makes public pages of status pages. @param targets The names of targets, by the id of the monitor. */
export function pagesOf(written: readonly Fields[], targets: ReadonlyMap<string, readonly string[]>): Pages {
  const pages: Mapping[] = []
  const notes: Remark[] = []
  const paths = new Set<string>()
  for (const page of written) {
    const title = titleOf(page, 'title')
    const leftOut = (why: string): void => {
      notes.push({ path: page.path, message: `the status page ${JSON.stringify(title)} is left out: ${why}` })
    }
    const groups = page.items('groups').flatMap((group) => {
      const names = [...new Set(group.list('monitors').flatMap((id) => targets.get(String(id)) ?? []))]
      return names.length === 0
        ? []
        : [{ name: titleOf(group, 'name'), targets: names.map(escapeExpansions) }]
    })
    if (isOff(page, 'published')) leftOut('it is not published')
    else if (groups.length === 0) leftOut('it has no monitor that is a target')
    else {
      const path = pathOf(page.text('slug') ?? '', paths)
      pages.push({ path, title: escapeExpansions(title), groups })
      notes.push({
        path: page.path,
        message: `the status page ${JSON.stringify(title)} is at ${path}; its icon, words, style and incidents are left out: docs/status-page.md`,
      })
      if ((page.text('password') ?? '') !== '')
        notes.push({ path: page.at('password'), message: 'the page is open to everybody here' })
    }
  }
  return { pages, notes }
}

function titleOf(fields: Fields, key: string): string {
  const title = (fields.text(key) ?? '')
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, maxTitle)
  return title === '' ? 'Status' : title
}

/** A path that no other page has. */
function pathOf(slug: string, taken: Set<string>): string {
  const plain =
    slug
      .toLowerCase()
      .replaceAll(/[^a-z0-9-]+/g, '-')
      .replace(/^-+/, '')
      .slice(0, 50) || 'page'
  let path = `/status/${plain}`
  for (let number = 2; taken.has(path); number++) path = `/status/${plain}-${number}`
  taken.add(path)
  return path
}
