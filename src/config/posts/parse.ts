import { basename } from 'node:path'
import { Issues, type Place } from '../../settings/issues.ts'
import type { ConfigIssue } from '../../settings/errors.ts'
import { formatPath } from '../../settings/path.ts'
import type { Source } from '../../settings/sources.ts'
import { word } from '../../settings/values/scalars.ts'
import { asText, keys, oneOrMany, seen, value, ValueError } from '../../settings/values/value.ts'
import { parseYaml } from '../../settings/yaml/yaml.ts'
import { postKinds, type Post, type PostUpdate } from './post.ts'

/** What comes of one file: a post, or what is wrong with it. */
export type ParsedPost = { readonly post: Post } | { readonly issues: readonly ConfigIssue[] }

/** Characters. A page with twenty posts stays small. */
const maxText = 10_000
const maxTitle = 200

const timePattern = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)`
const timeHelp = 'expected one with its zone, such as 2026-11-21T08:00:00Z or 2026-11-21T09:00:00+01:00'

function parseTime(text: string): Date | undefined {
  const time = new RegExp(`^${timePattern}$`).test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(time) ? undefined : new Date(time)
}

const time = value(
  (input) => {
    const at = parseTime(asText(input))
    if (!at) throw new ValueError(`${seen} is not a valid time: ${timeHelp}`)
    return at
  },
  { type: 'string' },
)

const title = value(
  (input) => {
    const text = asText(input).trim()
    if (text === '') throw new ValueError('is empty')
    if (text.length > maxTitle) throw new ValueError(`is too long: expected at most ${maxTitle} characters`)
    return text
  },
  { type: 'string' },
)

const frontMatter = keys({
  title: title.describe('What it is about.'),
  kind: word(postKinds).describe('`incident`, `maintenance` or `announcement`.'),
  from: time.describe('When it begins.'),
  to: time.optional().describe('When it ends. Default: it lasts.'),
  targets: oneOrMany(asText, { type: 'string' })
    .optional()
    .describe('The targets that it concerns: a name or a list. Default: none.'),
  page: oneOrMany((input) => asText(input).replace(/\/$/, ''), { type: 'string' })
    .optional()
    .describe('The path of the page that shows it, or a list. Default: those of its targets.'),
})

/** Reads a post: front matter in YAML between two lines of `---`, then Markdown. */
export function parsePost({ file, text }: Source): ParsedPost {
  const [, head, body = ''] = /^\uFEFF?---[ \t]*\r?\n([^]*?\r?\n)---[ \t]*(?:\r?\n([^]*))?$/.exec(text) ?? []
  if (head === undefined)
    return refused(file, 1, 'expected "---" in the first line, then title, kind and from, then "---" again')
  // The first line keeps its place: what is wrong is found where it stands in the file.
  const { tree, problems } = parseYaml(`\n${head}`)
  if (!tree) return { issues: problems.map(({ path, ...one }) => ({ file, path: formatPath(path), ...one })) }
  const issues = new Issues([file])
  const place: Place = { source: { file, tree }, at: [] }
  const read = frontMatter.safeParse(tree.value ?? {})
  if (!read.success) {
    for (const issue of read.error.issues) issues.addZod(place, issue)
    return { issues: issues.sorted() }
  }
  const { from, to, targets = [], page, ...rest } = read.data
  if (to && to <= from) {
    issues.add(place, ['to'], 'value', `${seen} is not after from`)
    return { issues: issues.sorted() }
  }
  const firstLine = head.split('\n').length + 2
  const parts = splitBody(body, file, firstLine)
  if ('issues' in parts) return parts
  const id = basename(file).replace(/\.md$/, '')
  return {
    post: { id, ...rest, from, ...(to && { to }), targets, ...(page && { pages: page }), ...parts },
  }
}

/** A heading that starts with a time starts an update: `## 2026-11-21T08:20:00Z Identified`. */
function splitBody(
  body: string,
  file: string,
  firstLine: number,
): Pick<Post, 'text' | 'updates'> | { readonly issues: readonly ConfigIssue[] } {
  if (body.length > maxText)
    return refused(file, firstLine, `is too long: expected at most ${maxText} characters`)
  const text: string[] = []
  const updates: (Omit<PostUpdate, 'text'> & { readonly lines: string[] })[] = []
  for (const [index, line] of body.split(/\r?\n/).entries()) {
    const [, moment, words = ''] = /^##[ \t]+(\d{4}-\d\d?-\d\S*)[ \t]*(.*)$/.exec(line) ?? []
    if (moment === undefined) {
      ;(updates.at(-1)?.lines ?? text).push(line)
      continue
    }
    const at = parseTime(moment)
    if (!at)
      return refused(file, firstLine + index, `${JSON.stringify(moment)} is not a valid time: ${timeHelp}`)
    updates.push({ at, ...(words.trim() !== '' && { title: words.trim() }), lines: [] })
  }
  return {
    text: text.join('\n').trim(),
    updates: updates
      .map(({ lines, ...update }) => ({ ...update, text: lines.join('\n').trim() }))
      .toSorted((a, b) => b.at.getTime() - a.at.getTime()),
  }
}

function refused(file: string, line: number, message: string): { readonly issues: readonly ConfigIssue[] } {
  return { issues: [{ file, line, column: 1, path: '', message }] }
}
