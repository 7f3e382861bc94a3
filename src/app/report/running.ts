import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ProbityError } from '../../lib/errors.ts'
import { replaceFile } from '../../lib/io/replace-file.ts'
import { pendingSinceHeader, type WrittenReport } from '../../web/api/report.ts'

/** Where the process that has the folder listens. It may be left by one that was killed, which does no harm. */
const fileOf = (folder: string): string => join(folder, 'url')

/** A report of a large history takes a while on a busy machine. */
const timeoutMs = 120_000

/** Where a process can be asked, and with which token. */
export interface Announced {
  readonly url: string
  readonly token: string
}

/**
 * Says in the folder of a history where its process can be asked. Only the owner of the folder can read it.
 *
 * @returns What takes it back. Where it stays it does no harm.
 * @throws Whatever the file system said.
 */
export async function announce(folder: string, { url, token }: Announced): Promise<() => Promise<void>> {
  await replaceFile(fileOf(folder), `${url}\n${token}\n`, 0o600)
  return () => rm(fileOf(folder), { force: true }).catch(() => undefined)
}

/**
 * Asks the process that has the folder of a history for a report.
 *
 * @returns The report, and from when on results are not added up yet.
 * @param parameters Of `GET /api/v1/report`.
 * @throws ProbityError as `askRunning`.
 */
export async function askForReport(
  folder: string,
  parameters: Record<string, string>,
): Promise<WrittenReport> {
  const answer = await askRunning(folder, '/api/v1/report', parameters)
  const since = answer.headers.get(pendingSinceHeader)
  return { text: await answer.text(), ...(since !== null && { pendingSince: new Date(since) }) }
}

/**
 * Asks the process that has the folder of a history.
 *
 * @param path Such as `/api/v1/report`.
 * @returns Its answer, which says yes.
 * @throws ProbityError `FOLDER_LOCKED` when that process cannot be asked, `REPORT_REFUSED` with what it says otherwise.
 */
export async function askRunning(
  folder: string,
  path: string,
  parameters: Record<string, string>,
  method: 'GET' | 'DELETE' = 'GET',
): Promise<Response> {
  const answer = await ask(folder, `${path}?${new URLSearchParams(parameters).toString()}`, method)
  if (answer.ok) return answer
  const said = saidIn(await answer.text())
  throw new ProbityError('REPORT_REFUSED', `the process that uses ${folder} answered: ${said}`)
}

async function ask(folder: string, query: string, method: string): Promise<Response> {
  let url = ''
  try {
    const lines = (await readFile(fileOf(folder), 'utf8')).split('\n')
    url = lines[0] ?? ''
    return await fetch(`${url}${query}`, {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      headers: { Authorization: `Bearer ${lines[1] ?? ''}` },
    })
  } catch (cause) {
    const why = url === '' ? 'does not say how to reach it' : `does not answer at ${url}`
    throw new ProbityError(
      'FOLDER_LOCKED',
      `${folder} is in use by another Probity process, which ${why}: stop it, or try again when it has started`,
      { cause },
    )
  }
}

function saidIn(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: unknown }
    return typeof error === 'string' ? error : text
  } catch {
    return text.trim()
  }
}
