import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { startExporter } from '../../../src/app/exporter/exporter.ts'
import { announce, askForReport } from '../../../src/app/report/running.ts'
import { addToken } from '../../../src/tokens/edit.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { embeddedFiles } from '../../support/embedded.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const log = createLogger({ destination: { write: () => undefined } })

describe('a process that has its history', () => {
  it('answers for its report, and says what is wrong with a question', async () => {
    const folder = await tempFolder()
    const configFile = join(folder, 'targets.yml')
    await writeFile(
      configFile,
      'vendors: { stripe: { sla: 99% } }\ntargets: [{ name: pay, url: "http://127.0.0.1:1/", labels: { vendor: stripe } }]\n',
    )
    const tokensFile = join(folder, 'tokens.jsonl')
    const history = await embeddedFiles(join(folder, 'history'))
    const exporter = await startExporter(
      {
        configFile,
        listenAddress: { host: '127.0.0.1', port: 0 },
        history: { folder: history },
        tokens: { file: tokensFile, optional: true },
      },
      { log, env: {} },
    )
    // On a busy machine a query can last longer than an idle connection, which the server then closes as the next one begins.
    const headers = { connection: 'close' }
    try {
      await fetch(`${exporter.url}/probe?target=pay`, { headers })
      const calls = '2\tGET\thttp://pay/\t140\t200\n'
      await fetch(`${exporter.url}/api/v1/calls`, { method: 'POST', body: calls, headers })
      const get = (query: string): Promise<Response> =>
        fetch(`${exporter.url}/api/v1/report${query}`, { headers })
      const found = await waitFor('the check is in the report', async () => {
        const answer = await get('?vendor=stripe')
        expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
        const report = (await answer.json()) as { vendors: { checks: number }[] }
        return report.vendors.length > 0 && report
      })
      expect(found).toMatchObject({ timeZone: 'UTC', vendors: [{ vendor: 'stripe', sla: 0.99, checks: 1 }] })
      const types = { text: 'text/plain', md: 'text/markdown', csv: 'text/csv', html: 'text/html' }
      for (const [format, type] of Object.entries(types)) {
        const answer = await get(`?format=${format}&time_zone=Europe/Berlin`)
        expect(answer.headers.get('content-type')).toBe(`${type}; charset=utf-8`)
        expect(await answer.text()).toContain('refused')
      }
      for (const [query, error] of [
        ['?vendor=strip', 'there is no vendor "strip" (did you mean stripe?): there are stripe'],
        ['?month=2026-1', '"2026-1" is not a valid month: expected one such as 2026-10'],
        ['?time_zone=Mars', '"Mars" is not a valid time zone: expected one such as UTC or Europe/Berlin'],
        ['?format=pdf', 'format is "pdf": expected json, text, md, csv, html, mail'],
        [
          '?vendors=x',
          'there is no parameter "vendors": expected month, period, match, vendor, time_zone, format',
        ],
        [
          '?period=2026-W60',
          '"2026-W60" is not a valid period: expected a month such as 2026-10, a week such as 2026-W44, or two times such as 2026-10-05T06:00:00Z/2026-10-12T06:00:00Z',
        ],
        [
          '?match=vendor',
          '"vendor" is not a valid matcher: expected one such as severity="critical" or team=~"shop|pay"',
        ],
        ['?month=2026-10&month=2026-11', 'month is given more than once'],
      ] as const) {
        const answer = await get(query)
        expect([answer.status, await answer.json()]).toEqual([400, { error }])
      }
      const covering = async (match: string): Promise<unknown> =>
        ((await (await get(`?match=${encodeURIComponent(match)}`)).json()) as { vendors: unknown }).vendors
      expect(await covering('target=~"p.*",vendor=stripe')).toHaveLength(1)
      expect(await covering('target="other"')).toEqual([])
      await expect(askForReport(history, { vendor: 'strip' })).rejects.toThrow(
        `the process that uses ${history} answered: there is no vendor "strip" (did you mean stripe?): there are stripe`,
      )
      await addToken(tokensFile, { name: 'reader', scopes: ['read'], now: Date.now() })
      await waitFor('the report to be closed', async () => (await get('')).status === 401)
      expect((await askForReport(history, { format: 'text' })).text).toContain('connect 1')
    } finally {
      await exporter.stop()
    }
    await expect(askForReport(history, {})).rejects.toThrow('which does not say how to reach it')
  })
})

describe('a report of a folder that another process has', () => {
  it('says that the process cannot be asked, where it left a stale address', async () => {
    const folder = await tempFolder()
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.close()
    await once(server, 'close')
    const takeBack = await announce(folder, { url, token: 'secret' })
    const asking = askForReport(folder, {})
    await expect(asking).rejects.toMatchObject({ code: 'FOLDER_LOCKED' })
    await expect(asking).rejects.toThrow(
      `${folder} is in use by another Probity process, which does not answer at ${url}: stop it, or try again when it has started`,
    )
    await takeBack()
    await takeBack()
  })
})
