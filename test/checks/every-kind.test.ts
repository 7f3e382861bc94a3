import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { foldersOfKinds } from '../../scripts/docs/checks.ts'
import { kinds } from '../../src/checks/index.ts'
import { printProbe } from '../../src/commands/probe/print.ts'
import { renderProbe } from '../../src/metrics/render.ts'
import { probers } from '../../src/foreign/blackbox/probers.ts'
import { probeMetricsOf } from '../../src/metrics/catalogue.ts'
import { targetDetail } from '../../src/web/status/detail.ts'
import { targetStatus } from '../../src/web/status/state.ts'
import type { Example } from '../support/example.ts'
import { parseTarget } from '../support/parse-config.ts'

const root = join(import.meta.dirname, '../..')
const text = (path: string): string => readFileSync(join(root, path), 'utf8')

const names = (metrics: readonly { readonly name: string }[]): string[] => metrics.map(({ name }) => name)
const dashboards = readdirSync(join(root, 'grafana/dashboards'))
  .map((name) => text(`grafana/dashboards/${name}`))
  .join('')
const folders = await foldersOfKinds()
const examples = await Promise.all(
  kinds.map(async (row) => {
    const folder = folders.get(row)!
    const { example } = (await import(join(import.meta.dirname, folder, 'example.ts'))) as {
      example: Example
    }
    const target = parseTarget(`targets: [${JSON.stringify({ name: 'it', ...example.target })}]`, {
      secrets: { ...example.files },
    })
    return { ...example, folder, key: row.key, row, target }
  }),
)

it('has a row for each folder', () => {
  expect(examples.map(({ folder }) => folder).sort()).toEqual([...folders.values()].sort())
  expect(examples.map(({ target }) => target.check.kind)).toEqual(kinds.map(({ kind }) => kind))
})

describe.each(examples)('the kind of $key', ({ key, folder, row, target, result, facts }) => {
  it('is in the schema for editors', () => {
    const schema = JSON.parse(text('config/schema/targets.schema.json')) as { anyOf: unknown[] }
    expect(JSON.stringify(schema.anyOf[0])).toContain(`"${key}":{`)
  })

  it('has its metrics, and they are documented', () => {
    const doc = text('docs/metrics.md')
    const own = names(probeMetricsOf(row.kind))
    expect(own).toEqual(expect.arrayContaining(['probe_success', 'probe_target_interval_seconds']))
    expect(own.filter((name) => !doc.includes(`| \`${name}\` |`))).toEqual([])
    expect(renderProbe({ target, result, timeoutSeconds: 1 })).toMatch(/^probe_success 1$/m)
  })

  it('says what it has seen, and nothing where it has seen nothing', () => {
    expect(row.facts(result)).toEqual(facts.map(([label, value]) => ({ label, value })))
    expect(facts).not.toEqual([])
    const { startedAt, durationSeconds } = result
    const failure = { reason: 'internal', message: 'nothing was seen' } as const
    expect(row.facts({ startedAt, durationSeconds, success: false, failure })).toEqual([])
  })

  it('says it on the status page and in the terminal', () => {
    const status = targetStatus({ target, result, now: result.startedAt.getTime() })
    expect(status.kind).toBe(row.kind)
    expect(targetDetail(status, target, { result, incidents: [] }).facts).toEqual(row.facts(result))
    const lines = printProbe({ target, result, lines: [] })
      .split('\n')
      .map((line) => line.trim().replace(/ +/g, ' '))
    expect(lines).toEqual(expect.arrayContaining(facts.map(([label, value]) => `${label} ${value}`)))
  })

  it('has a section and a row in docs/checks.md, and its keys in docs/targets.md', () => {
    const doc = text('docs/checks.md')
    const [, anchor, cells = ''] =
      new RegExp(`^\\| \\[\`${key}\`\\]\\(#(.+)\\) (\\|.*)$`, 'm').exec(doc) ?? []
    expect(doc.toLowerCase()).toContain(`\n## ${anchor}\n`)
    expect(cells).toBe(`| ${row.summary} | ${row.triedAgainst} | ${row.limits} |`)
    const written = text(`src/checks/${folder}/docs.md`).trimEnd()
    for (const piece of written.split(/<!-- keys.*? -->/)) expect(doc).toContain(piece)
    expect(written).not.toMatch(/^\| key/m)
    const keys = Object.keys(row.shape)
    expect(keys.filter((each) => !text('docs/targets.md').includes(`| \`${each}`))).toEqual([])
  })

  it('is translated from blackbox_exporter, or has no counterpart there', () => {
    expect(Object.values(probers).some((prober) => prober.key === key)).toBe(row.inBlackbox)
  })

  it('is on the dashboards without its own row: none of them picks kinds', () => {
    expect(names(probeMetricsOf(row.kind))).toEqual(expect.arrayContaining(['probe_duration_seconds']))
    expect(dashboards).not.toMatch(new RegExp(`\\bkind[=!~]+\\W*${row.kind}\\b`))
  })

  it('loads its prober', async () => {
    expect(await row.probe()).toBeInstanceOf(Function)
  })

  it('has a folder of tests', () => {
    expect(readdirSync(join(root, 'test/checks', folder)).some((name) => /\.test\.ts$/.test(name))).toBe(true)
  })
})

it('takes secrets out of what a peer says, and cuts it', () => {
  const { target, row } = examples.find(({ key }) => key === 'tcp')!
  const info = [{ banner: `sesame-1 ${'x'.repeat(300)}` }]
  const result = { ...examples[0]!.result, dialogue: { failedDueToRegex: false, info } }
  const secretive = { ...target, secrets: ['sesame-1'] }
  const status = targetStatus({ target: secretive, result, now: 0 })
  const shown = targetDetail(status, secretive, { result, incidents: [] }).facts.find(
    ({ label }) => label === 'banner',
  )
  expect(row.key).toBe('tcp')
  expect(shown?.value).toMatch(/^<secret> x+/)
  expect(shown?.value.length).toBeLessThanOrEqual(200)
  expect(printProbe({ target: secretive, result, lines: [] })).not.toContain('sesame-1')
})
