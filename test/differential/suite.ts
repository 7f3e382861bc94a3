import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createCertificate } from '../support/certificates.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { describeWithTool } from '../support/programs/tools.ts'
import { differences, requestLine } from './compare.ts'
import { blackboxExporters, minorVersion } from '../support/programs/blackbox-exporter.ts'
import { scrapeTimeout, startExporters, type Exporters } from './exporters.ts'
import { isSeen, type Reason } from './reasons.ts'
import { oldest } from './oldest.ts'
import type { Family, Files, Row } from './row.ts'

/** The authority that signs what the servers show. */
export const authority = createCertificate({ name: 'Test authority', isAuthority: true })
const client = createCertificate({ name: 'client', issuer: authority })

async function writeFiles(folder: string): Promise<Files> {
  const contents = { ca: authority.cert, cert: client.cert, key: client.key, secret: 'from a file' }
  const files = {
    ca: join(folder, 'ca.pem'),
    cert: join(folder, 'cert.pem'),
    key: join(folder, 'key.pem'),
    secret: join(folder, 'secret'),
  }
  for (const name of ['ca', 'cert', 'key', 'secret'] as const) await writeFile(files[name], contents[name])
  return files
}

/** Holds what Probity says of each row against what blackbox_exporter says. */
export function differentialSuite<Servers>(family: Family<Servers>): void {
  for (const program of blackboxExporters) compareWith(program, family)
}

function compareWith<Servers>(program: string, { name, rows: all, start }: Family<Servers>): void {
  const minor = minorVersion(program) ?? oldest
  const rows = all.filter(({ since = oldest }) => since <= minor)
  if (rows.length === 0) {
    // Nothing could be compared, whatever is installed: the output says so instead of leaving the suite out without a word.
    it.skip(`blackbox_exporter 0.${minor} has none of the probers of ${name}`, () => undefined)
    return
  }
  describeWithTool([program], `blackbox_exporter 0.${minor} and Probity: ${name}`, () => {
    let exporters: Exporters
    let family: Awaited<ReturnType<typeof start>>

    beforeAll(async () => {
      const folder = await tempFolder()
      const files = await writeFiles(folder)
      family = await start(files)
      const moduleOf = ({ module }: Row<Servers>): object =>
        typeof module === 'function' ? (module as (files: Files) => object)(files) : module
      const modules = Object.fromEntries(rows.map((row) => [row.name, moduleOf(row)]))
      exporters = await startExporters(program, folder, modules)
    })

    afterAll(async () => {
      await exporters.stop()
      await family.stop()
    })

    it.each(rows)('$name', async (row) => {
      const { name: module, target, differs = {}, passing = [], requestsDiffer = false } = row
      const before = family.requests?.length ?? 0
      const { theirs, ours } = await exporters.probe(module, target(family.servers))
      const found = differences(theirs, ours, { longest: scrapeTimeout, passing })
      const expected = Object.entries(differs).flatMap(([reason, series]) =>
        isSeen(reason as Reason, minor) ? series : [],
      )
      const covered = (series: string): boolean => expected.some((start) => series.startsWith(start))
      expect(Object.fromEntries([...found].filter(([series]) => !covered(series)))).toEqual({})
      expect(
        expected.filter((start) => ![...found.keys()].some((series) => series.startsWith(start))),
      ).toEqual([])
      const requests = (family.requests ?? []).slice(before)
      const isOurs = (agent = ''): boolean => agent.startsWith('Probity')
      const [our, their] = [true, false].map((wanted) =>
        requests.filter(({ headers }) => isOurs(headers['user-agent']) === wanted).map(requestLine),
      )
      if (requestsDiffer) expect(our).not.toEqual(their)
      else expect(our).toEqual(their)
    })
  })
}
