import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { readVendorDocument } from '../../../src/vendors/read.ts'
import { VendorFormatError, vendorStates } from '../../../src/vendors/said.ts'
import { asJson, word } from '../grammar.ts'
import { expectThat, refusable, type Parser } from '../parser.ts'

const folder = join(import.meta.dirname, '../../../test/vendors/documents')
const now = Date.parse('2026-11-20T12:00:00Z')

const incident = fc.record({
  name: word,
  status: fc.constantFrom('investigating', 'resolved', 'in_progress', 'scheduled'),
  impact: fc.constantFrom('none', 'minor', 'major', 'critical', null),
  created_at: fc.constantFrom('2026-11-20T11:00:00Z', 'never', null),
})
const statuspage = fc.record({
  status: fc.record({ indicator: fc.constantFrom('none', 'minor', 'major', 'critical', 'maintenance') }),
  components: fc.array(
    fc.record({ id: word, name: word, status: fc.constantFrom('operational', 'major_outage', 'other') }),
    { maxLength: 3 },
  ),
  incidents: fc.array(incident, { maxLength: 3 }),
  scheduled_maintenances: fc.array(incident, { maxLength: 3 }),
})
const feed = fc
  .array(fc.tuple(word, fc.constantFrom('Resolved', 'Investigating', 'Scheduled')), { maxLength: 4 })
  .map(
    (entries) =>
      `<rss><channel>${entries.map(([title, text]) => `<item><title>${title}</title><description>${text}</description><pubDate>Fri, 20 Nov 2026 11:00:00 GMT</pubDate></item>`).join('')}</channel></rss>`,
  )

/** What vendors publish of themselves: their servers say whatever they like. */
export const vendorStatus: Parser = {
  name: 'vendor-status',
  seeds: readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8')),
  grammar: fc.oneof(statuspage.map(asJson), feed),
  tokens: [
    '[]',
    '{}',
    'null',
    '<rss>',
    '<![CDATA[',
    '&amp;',
    '&x;',
    '<!DOCTYPE a>',
    '"end":null',
    '"status":"3"',
  ],
  sources: ['read', 'said', 'formats/statuspage', 'formats/google', 'formats/aws', 'formats/feed'].map(
    (file) => `src/vendors/${file}.ts`,
  ),
  parse: (input) =>
    refusable(async () => {
      const { state, incidents } = await readVendorDocument(input, { components: [], now })
      expectThat(vendorStates.includes(state), `an unknown state: ${state}`)
      expectThat(incidents.length <= 20, `${incidents.length} incidents`)
      for (const { title } of incidents)
        expectThat(title.length <= 200 && !/[\n\r]/.test(title), 'a long title')
    }, VendorFormatError),
}
