import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../../scripts/stack/shipped-files.ts'
import { pages, textOf } from './support/blocks.ts'

/** Without its blocks of code, which have lines that look like headings and links. */
const proseOf = (page: string): string => textOf(page).replaceAll(/^( *)```.*?^\1```$/gms, '')

/** What GitHub makes of a heading: https://docs.github.com/get-started/writing-on-github, "section links". */
function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>()
  for (const [, heading = ''] of proseOf(page).matchAll(/^#+ (.+)$/gm)) {
    const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const anchor = text.replaceAll(/[^\p{L}\p{N}_\- ]/gu, '').replaceAll(' ', '-')
    let name = anchor
    for (let number = 1; anchors.has(name); number += 1) name = `${anchor}-${number}`
    anchors.add(name)
  }
  return anchors
}

/** Where a link of a page leads, if not to another site. */
function isBroken(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#')
  const to = path === '' ? page : normalize(join(dirname(page), path))
  if (!existsSync(join(root, to))) return true
  return anchor !== undefined && to.endsWith('.md') && !anchorsOf(to).has(anchor)
}

describe('the links of the documentation', () => {
  it.each(pages)('in %s lead to something', (page) => {
    const links = [...proseOf(page).matchAll(/\]\(((?!https?:|mailto:)[^)\s]+)\)/g)].map(([, link = '']) => link)
    expect(links.filter((link) => isBroken(page, link))).toEqual([])
  })
})
