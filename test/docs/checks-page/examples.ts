import { parse } from 'yaml'
import { blocksIn, textOf } from '../support/blocks.ts'

/** A target of docs/checks.md. */
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

const page = 'docs/checks.md'
const lines = textOf(page).split('\n')

/** The section of level 2 in which a line is. */
function sectionAt(line: number): Section {
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

const cellsOf = (row: string): string[] => row.split('|').slice(1, -1).map((cell) => cell.trim())

/** Every target of every targets.yml of the page. */
export const examples: readonly Example[] = blocksIn('yaml')
  .filter((block) => block.page === page && block.text.startsWith('# targets.yml\n'))
  .flatMap(({ place, text }) => {
    const section = sectionAt(Number(place.slice(page.length + 1)))
    const { targets } = parse(text) as { targets: { name: string }[] }
    return targets.map(({ name }) => ({ name: `${section.heading}: ${name}`, target: name, text, section }))
  })
