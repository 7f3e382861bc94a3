import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ReportMessage } from '../../../channels/channel.ts'
import { replaceFile } from '../../../lib/io/replace-file.ts'
import { runCommand } from '../../../lib/io/run-command.ts'
import type { Logger } from '../../../lib/logger.ts'
import { cut, oneLine } from '../../../lib/text/text.ts'

export interface FolderOptions {
  /** Where browsers are looked for: `PATH`. */
  readonly env: NodeJS.ProcessEnv
  readonly log: Logger
  /** Milliseconds that the browser may take. Default 60,000. */
  readonly timeoutMs?: number
}

/** Names of Chromium, and of what is made of it. */
const browsers = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'] as const

/** Everyone who may enter the folder may read a report. */
const mode = 0o644

/**
 * Writes a report into a folder: a page with its pictures within, and the same as PDF where there is a Chromium. If there is none, or it
 * fails, there is the page alone.
 *
 * @throws Whatever the file system said.
 */
export async function writeToFolder(
  { id, html, pictures }: ReportMessage,
  folder: string,
  { env, log, timeoutMs = 60_000 }: FolderOptions,
): Promise<void> {
  // A period may be two times with a slash between them, and not every file system takes a colon.
  const name = id.replaceAll(' ', '-').replaceAll('/', '_').replaceAll(':', '')
  const page = pictures.reduce(
    (text, { cid, base64 }) => text.replaceAll(`cid:${cid}`, () => `data:image/png;base64,${base64}`),
    html,
  )
  await mkdir(folder, { recursive: true })
  await replaceFile(join(folder, `${name}.html`), page, mode)
  const pdf = await printed(join(folder, `${name}.html`), { env, log, timeoutMs })
  if (pdf) await replaceFile(join(folder, `${name}.pdf`), pdf, mode)
}

/** The page as PDF, printed in the sandbox of the browser, without a profile that outlives it. */
async function printed(
  page: string,
  { env, log, timeoutMs }: Required<FolderOptions>,
): Promise<Buffer | undefined> {
  const home = await mkdtemp(join(tmpdir(), 'probity-report-'))
  const out = join(home, 'report.pdf')
  const flags = [
    '--headless',
    '--disable-gpu',
    '--disable-background-networking',
    '--no-pdf-header-footer',
    `--user-data-dir=${join(home, 'profile')}`,
    `--print-to-pdf=${out}`,
    pathToFileURL(page).href,
  ]
  const allowed = { PATH: env['PATH'], HOME: home }
  try {
    for (const browser of browsers) {
      const { failure, output } = await runCommand([browser, ...flags], { env: allowed, timeoutMs })
      if (failure?.kind === 'not_started') continue
      const pdf = await readFile(out).catch(() => undefined)
      if (!failure && pdf?.subarray(0, 5).toString('latin1') === '%PDF-') return pdf
      log.warn(
        `no PDF of the report: ${browser} ${failure?.message ?? 'wrote none'}: ${cut(oneLine(output), 300)}`,
      )
      return undefined
    }
    log.debug('no PDF of the report: there is no Chromium')
    return undefined
  } finally {
    await rm(home, { recursive: true, force: true }).catch(() => undefined)
  }
}
