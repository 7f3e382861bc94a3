import { parse } from 'yaml'
import { kinds } from '../../../src/checks/index.ts'
import { blocksIn, textOf } from './blocks.ts'

/** A target of a page. */
export interface Example {
  /** The section and the target, such as `tcp: redis`. */
  readonly name: string
  readonly target: string
  /** The targets.yml that it is in. */
  readonly text: string
  readonly section: Section
}

export interface Section {
  readonly heading: string
  /** What its tables of failures have in the columns `reason` and `message`. */
  readonly reasons: readonly string[]
  readonly messages: readonly string[]
}

/** The section of level 2 in which a line is. */
function sectionAt(lines: readonly string[], line: number): Section {
  const before = lines.slice(0, line).findLastIndex((text) => text.startsWith('## '))
  const after = lines.findIndex((text, index) => index > before && text.startsWith('## '))
  const inside = lines.slice(before + 1, after === -1 ? undefined : after)
  return {
    heading: (lines[before] ?? '').slice('## '.length),
    reasons: column(inside, 'reason').flatMap((cell) => cell.match(/(?<=`)\w+(?=`)/g) ?? []),
    messages: column(inside, 'message').flatMap((cell) => cell.match(/(?<=`)[^`]+(?=`(?:,|$))/g) ?? []),
  }
}

/** The cells of a column of the tables that have it. */
function column(text: readonly string[], name: string): string[] {
  return text.flatMap((head, index) => {
    const at = cellsOf(head).indexOf(name)
    if (at === -1) return []
    const rows = text.slice(index + 2)
    const end = rows.findIndex((row) => !row.startsWith('|'))
    return rows.slice(0, end === -1 ? undefined : end).map((row) => cellsOf(row)[at] ?? '')
  })
}

const cellsOf = (row: string): string[] =>
  row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())

type Listed = string | { readonly name: string; readonly [key: string]: unknown }
interface Group {
  readonly targets?: readonly Listed[]
}

/** The names of what a targets.yml has checked. What has no kind of check is judged on calls alone. */
function namesIn(text: string): string[] {
  const document = parse(text) as Group | readonly Group[]
  const targets = [document].flat().flatMap(({ targets: listed = [] }: Group) => listed)
  return targets.flatMap((target) => {
    if (typeof target === 'string') return [target]
    return kinds.some(({ key }) => key in target) ? [target.name] : []
  })
}

/** Every target of every targets.yml of a page, such as `docs/checks.md`. */
export function examplesOf(page: string): Example[] {
  const lines = textOf(page).split('\n')
  return blocksIn('yaml')
    .filter((block) => block.page === page && block.text.startsWith('# targets.yml\n'))
    .flatMap(({ place, text }) => {
      const section = sectionAt(lines, Number(place.slice(page.length + 1)))
      return namesIn(text).map((target) => ({ name: `${section.heading}: ${target}`, target, text, section }))
    })
}
