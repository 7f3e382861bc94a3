import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parseReportUrl } from '../../src/app/recording/reporting.ts'
import { reportPlace } from '../../src/commands/flags/report-to.ts'
import { tempFolder } from '../support/temp-folder.ts'

it.each<[string, RegExp]>([
  ['probity', /^is not a URL: expected one such as/],
  ['https://user:secret@example.com', /^contains credentials/],
  ['https://example.com/?token=x', /^has a query or a fragment/],
  ['http://example.com', /^is not private: expected https/],
  ['ftp://127.0.0.1', /^is not private: expected https/],
])('%s is no address to report to', (text, words) => {
  expect(() => parseReportUrl(text)).toThrow(words)
})

it.each(['https://example.com/probity/', 'http://127.0.0.1:9740', 'http://localhost:9740/'])(
  '%s is one',
  (text) => {
    expect(parseReportUrl(text).href).toBe(new URL(text).href)
  },
)

const url = new URL('https://example.com')

it('the token is read before each request', async () => {
  const file = join(await tempFolder(), 'token')
  await writeFile(file, 'first\n')
  const { reportTo } = reportPlace({ reportTo: url, 'reportTo.tokenFile': file }, {})
  expect(await reportTo?.token()).toBe('first')
  await writeFile(file, 'second\n')
  expect(await reportTo?.token()).toBe('second')
  const inEnvironment = reportPlace({ reportTo: url }, { PROBITY_REPORT_TO_TOKEN: 'third' })
  expect(await inEnvironment.reportTo?.token()).toBe('third')
  expect(reportPlace({}, {})).toEqual({})
})

it.each<[Parameters<typeof reportPlace>, string]>([
  [
    [{ reportTo: url }, {}],
    '--report-to needs a token: set --report-to.token-file or PROBITY_REPORT_TO_TOKEN',
  ],
  [
    [{ reportTo: url, 'reportTo.tokenFile': 'x' }, { PROBITY_REPORT_TO_TOKEN: 'y' }],
    'PROBITY_REPORT_TO_TOKEN and --report-to.token-file are both set: keep one of them',
  ],
  [[{ 'reportTo.tokenFile': 'x' }, {}], '--report-to.token-file is set without --report-to: set both'],
])('%# is refused', (args, words) => {
  expect(() => reportPlace(...args)).toThrow(words)
})
