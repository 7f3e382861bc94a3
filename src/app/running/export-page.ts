import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import * as z from 'zod'
import { messageOf, ProbityError } from '../../lib/errors.ts'
import { readAnswer } from './read-answer.ts'

export interface ExportOptions {
  /** Of the exporter or of solo. */
  readonly url: string
  /** Of the page: `/status/shop`. */
  readonly path: string
  /** Where the files are written. Made where it is missing; what else is there stays. */
  readonly folder: string
}

const answerSchema = z.object({ targets: z.array(z.object({ name: z.string() })) })

const feeds = ['feed.atom', 'feed.rss', 'feed.json']

/**
 * Writes a public page of a running Probity as files: the page and what it loads, its JSON (`api/v1/targets.json`), badges and
 * feeds. The page itself comes last, so that nobody finds one whose files are missing.
 *
 * @returns The names of the files, the page first.
 * @throws ProbityError `PROBITY_UNREACHABLE`, `FILE_UNWRITABLE`.
 */
export async function exportPage({ url, path, folder }: ExportOptions): Promise<string[]> {
  const base = `${url.replace(/\/$/, '')}${path}/`
  const get = (name: string): Promise<Buffer> => download(new URL(name, base))
  const files = new Map<string, Buffer>()
  // Where the files are served, nothing takes an address.
  const page = Buffer.from(
    (await get('')).toString('utf8').replace(/<section class="group subscribe"[^]*?<\/section>/, ''),
  )
  const todo = [...page.toString('utf8').matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, name]) => name ?? '')
  for (const name of [...todo, ...feeds]) {
    if (!isBelow(name) || files.has(name)) continue
    const content = await get(name)
    files.set(name, content)
    if (name.endsWith('.js')) await addImports(name, content, files, get)
  }
  const targets = await get('api/v1/targets')
  files.set('api/v1/targets.json', targets)
  for (const { name } of readAnswer(answerSchema, targets.toString('utf8'), url).targets) {
    const file = `badge/${encodeURIComponent(name)}.svg`
    files.set(file, await get(file))
  }
  try {
    for (const [name, content] of [...files, ['index.html', page] as const]) {
      const file = join(folder, name)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, content)
    }
  } catch (cause) {
    throw new ProbityError('FILE_UNWRITABLE', `cannot write the page to ${folder}: ${messageOf(cause)}`, {
      cause,
    })
  }
  return ['index.html', ...files.keys()]
}

/** Scripts name the scripts that they import by their places. */
async function addImports(
  name: string,
  content: Buffer,
  files: Map<string, Buffer>,
  get: (name: string) => Promise<Buffer>,
): Promise<void> {
  for (const [, imported = ''] of content.toString('utf8').matchAll(/(?:from|import) ?["'](\.[^"']+)/g)) {
    const other = posix.join(posix.dirname(name), imported)
    if (!isBelow(other) || files.has(other)) continue
    const script = await get(other)
    files.set(other, script)
    await addImports(other, script, files, get)
  }
}

/** Links of posts lead elsewhere; nothing is written outside of the folder. */
function isBelow(name: string): boolean {
  return /^\w[\w.-]*(\/\w[\w.-]*)*$/.test(name)
}

async function download(url: URL): Promise<Buffer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000), redirect: 'error' })
    if (!response.ok) throw new Error(`it answered ${response.status} for ${url.pathname}`)
    return Buffer.from(await response.arrayBuffer())
  } catch (cause) {
    const reason = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause
    throw new ProbityError(
      'PROBITY_UNREACHABLE',
      `cannot ask Probity at ${url.origin}: ${messageOf(reason)}; start it with probity solo, or set its address with --url`,
      { cause },
    )
  }
}
