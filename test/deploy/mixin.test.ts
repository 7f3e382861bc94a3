import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { dashboards, dashboardFile } from '../../grafana/src/dashboards.ts'
import { mixin, mixinRules } from '../../scripts/mixin.ts'
import { ruleGroups } from '../../scripts/kubernetes/prometheus-rule.ts'
import { root } from '../../scripts/stack/shipped-files.ts'
import { describeWithTool } from '../support/programs/tools.ts'

interface Mixin {
  readonly prometheusAlerts: { readonly groups: readonly unknown[] }
  readonly prometheusRules: { readonly groups: readonly unknown[] }
  readonly grafanaDashboards: Readonly<Record<string, unknown>>
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8')

it('mixin is what the sources give', async () => {
  expect(read('mixin/mixin.libsonnet')).toBe(mixin())
  expect(read('mixin/rules.json')).toBe(await mixinRules())
})

const suite = (): void => {
  /** What mixtool reads of it, with hidden fields. */
  const render = async (settings: string): Promise<Mixin> => {
    const program = `local it = (import 'mixin/mixin.libsonnet') + ${settings};
      { [field]: it[field] for field in ['prometheusAlerts', 'prometheusRules', 'grafanaDashboards'] }`
    const most = { cwd: root, maxBuffer: 16 * 1024 * 1024 }
    const { stdout } = await promisify(execFile)('jsonnet', ['-e', program], most)
    return JSON.parse(stdout) as Mixin
  }

  it('has all rules and dashboards', async () => {
    const made = await render('{}')
    expect([...made.prometheusAlerts.groups, ...made.prometheusRules.groups]).toEqual(await ruleGroups())
    for (const dashboard of dashboards) {
      const { path, content } = dashboardFile(dashboard)
      expect(made.grafanaDashboards[path.replace(/.*\//, '')]).toEqual(JSON.parse(content()))
    }
  })

  it('links to the runbook where it is', async () => {
    const made = await render("{ _config+:: { runbookUrl: 'https://wiki.example.com/probity' } }")
    const text = JSON.stringify(made.prometheusAlerts)
    expect(text).toContain('https://wiki.example.com/probity#targetdown')
    expect(text).not.toMatch(/runbook_url":"[^"]*docs\/alerts\.md/)
  })
}
describeWithTool(['jsonnet'], 'mixin, read by jsonnet', suite, { optional: true })
