import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { format, type FormatConfig } from 'oxfmt'

/** A file that is there, and what is put into it before the first line that matches. */
export interface Row {
  readonly path: string
  /** At the end of the file where it is absent. */
  readonly before?: RegExp
  /** Only lines after this one are looked at. Default: all. */
  readonly after?: RegExp
  readonly text: string
}

/** What makes something new: its own files, and rows in existing files. */
export interface Plan {
  readonly files: Readonly<Record<string, string>>
  readonly rows: readonly Row[]
  /** What to do by hand, a line each. */
  readonly next: readonly string[]
}

/** What cannot be made, in words for a person. */
export class Refusal extends Error {
  override name = 'Refusal'
}

/** A name in the forms that files need. */
export interface Name {
  /** `smtp-banner` */
  readonly kebab: string
  /** `smtp_banner` */
  readonly snake: string
  /** `smtpBanner` */
  readonly camel: string
  /** `SmtpBanner` */
  readonly pascal: string
}

/** @throws Refusal */
export function readName(text: string): Name {
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(text) || text.length > 40)
    throw new Refusal(`"${text}" is not a name: expected lower-case words with hyphens, such as smtp-banner`)
  const camel = text.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
  return {
    kebab: text,
    snake: text.replaceAll('-', '_'),
    camel,
    pascal: camel.charAt(0).toUpperCase() + camel.slice(1),
  }
}

/**
 * Everything that a plan writes, by its path: new files, and files with their rows.
 *
 * @throws Refusal Where a file is there already, or has no place for a row.
 */
export function outcome(plan: Plan, root: string): Map<string, string> {
  const written = new Map<string, string>()
  for (const [path, text] of Object.entries(plan.files)) {
    if (existsSync(join(root, path))) throw new Refusal(`${path} already exists: choose another name`)
    written.set(path, text)
  }
  for (const row of plan.rows) {
    const text = written.get(row.path) ?? readFileSync(join(root, row.path), 'utf8')
    written.set(row.path, withRow(text, row))
  }
  return written
}

function withRow(text: string, { path, before, after, text: added }: Row): string {
  if (!before) return text + added
  const lines = text.split('\n')
  const from = after ? lines.findIndex((line) => after.test(line)) : 0
  const at = lines.findIndex((line, index) => index > from && before.test(line))
  if (from < 0 || at < 0) throw new Refusal(`${path} has no line like ${before.source}: add the row by hand`)
  return [...lines.slice(0, at), ...added.replace(/\n$/, '').split('\n'), ...lines.slice(at)].join('\n')
}

/** The text of each file as `npm run format` would write it. Names are of any length, so no template can be. */
export async function formatted(
  files: ReadonlyMap<string, string>,
  root: string,
): Promise<Map<string, string>> {
  const options = JSON.parse(readFileSync(join(root, '.oxfmtrc.json'), 'utf8')) as FormatConfig
  const texts = [...files].map(async ([path, text]): Promise<[string, string]> => {
    if (!path.endsWith('.ts')) return [path, text]
    const { code, errors } = await format(path, text, options)
    if (errors.length > 0) throw new Error(`${path} cannot be formatted: ${errors[0]!.message}`)
    return [path, code]
  })
  return new Map(await Promise.all(texts))
}

/** Writes it all. */
export async function write(files: ReadonlyMap<string, string>, root: string): Promise<void> {
  for (const [path, text] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }
}
