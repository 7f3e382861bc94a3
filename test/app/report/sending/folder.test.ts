import { chmod, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeToFolder } from '../../../../src/app/report/sending/folder.ts'
import type { ReportMessage } from '../../../../src/channels/channel.ts'
import { createLogger } from '../../../../src/lib/logger.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

const message: ReportMessage = {
  id: 'daily 2026-10-05T06:00:00Z/2026-10-06T06:00:00Z',
  subject: 'daily',
  text: '',
  html: '<body><img src="cid:chart-0@probity"></body>',
  pictures: [{ cid: 'chart-0@probity', base64: 'AAAA' }],
  report: {},
}

async function written(
  browser: string | undefined,
): Promise<{ readonly files: Record<string, string>; readonly logged: string; readonly called: string }> {
  const [folder, bin] = [join(await tempFolder(), 'reports'), await tempFolder()]
  if (browser !== undefined) {
    const script = `#!/bin/sh\necho "$HOME $*" > ${bin}/called\n${browser}\n`
    await writeFile(join(bin, 'chromium-browser'), script)
    await chmod(join(bin, 'chromium-browser'), 0o755)
  }
  const lines: string[] = []
  const log = createLogger({ destination: { write: (line: string) => lines.push(line) } })
  await writeToFolder(message, folder, { env: { PATH: bin }, log })
  const names = (await readdir(folder)).sort()
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  const called = await readFile(join(bin, 'called'), 'utf8').catch(() => '')
  return {
    files: Object.fromEntries(names.map((name, index) => [name, texts[index] ?? ''])),
    logged: lines.join(''),
    called,
  }
}

const page = 'daily-2026-10-05T060000Z_2026-10-06T060000Z.html'
const pdf = page.replace('html', 'pdf')
/** Writes where `--print-to-pdf` says. */
const print =
  'for flag in "$@"; do case "$flag" in --print-to-pdf=*) printf "%s" "$content" > "${flag#*=}";; esac; done'

describe('a report in a folder', () => {
  it('is a page with its pictures within; no browser is needed', async () => {
    const { files, logged } = await written(undefined)
    expect(files).toEqual({ [page]: '<body><img src="data:image/png;base64,AAAA"></body>' })
    expect(logged).toBe('')
  })

  it('is printed as PDF where there is a browser, with its sandbox', async () => {
    const { files, called } = await written(`content='%PDF-1.4'\n${print}`)
    expect(files[pdf]).toBe('%PDF-1.4')
    expect(called).toContain('--headless')
    expect(called).toContain('--print-to-pdf=')
    expect(called).toContain(`${page}\n`)
    expect(called).not.toContain('no-sandbox')
  })

  it.each([
    ['exit 3', 'exited with code 3'],
    [`content=nothing\n${print}`, 'wrote none'],
  ])('is a page alone where the browser fails: %s', async (browser, why) => {
    const { files, logged } = await written(browser)
    expect(Object.keys(files)).toEqual([page])
    expect(logged).toContain('no PDF of the report: chromium-browser')
    expect(logged).toContain(why)
  })
})
