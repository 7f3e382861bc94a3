import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { metricNames } from '../../src/metrics/catalogue.ts'
import { recordsForDashboards } from '../prometheus/foreign-metrics.ts'
import { rulesFiles, rulesOf } from '../prometheus/shipped.ts'
import { promDashboards, interpolate, queriesOf } from '../support/grafana.ts'
import { metricsOf } from '../support/promql.ts'
import { promtool, promtools } from '../support/programs/promtool.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { describeWithTool } from '../support/programs/tools.ts'

/** Something of the right kind for each variable. */
const values = new Map([
  ['datasource', 'prometheus'],
  ['target', 'shop'],
  ['vendor', '.*'],
  ['team', '.*'],
  ['location', '.*'],
  ['shown', '(shop|bank)'],
  ['rows', '20'],
  ['__interval', '1m'],
  ['__rate_interval', '2m'],
  ['__range', '6h'],
])

/** Metrics of Prometheus, of Alertmanager and of every program, which the catalogue does not have. */
const ofOthers = /^(up|ALERTS|ALERTS_FOR_STATE|(scrape|process|prometheus|alertmanager)_\w+)$/

const expressions = promDashboards.flatMap((dashboard) => [
  ...queriesOf(dashboard).map(({ panel, refId, expr }) => ({
    name: `${dashboard.title}, ${panel.title}, ${refId}`,
    expr,
  })),
  ...dashboard.annotations.list.map(({ name, expr }) => ({ name: `${dashboard.title}, ${name}`, expr })),
  ...dashboard.templating.list.flatMap(({ name, query }) => {
    const [, expr] = /^(?:query_result\((.*)\)|label_values\((.*), \w+\))$/.exec(query)?.filter(Boolean) ?? []
    return expr === undefined ? [] : [{ name: `${dashboard.title}, $${name}`, expr }]
  }),
])

describe('the metrics that dashboards read', () => {
  const recorded = rulesFiles.flatMap(rulesOf).flatMap(({ record }) => record ?? [])
  const known = new Set([...metricNames(), ...recorded])

  it.each(expressions)('$name: exist', ({ expr }) => {
    const metrics = metricsOf(interpolate(expr, values))
    expect(metrics.filter((metric) => !known.has(metric) && !ofOthers.test(metric))).toEqual([])
  })
})

describe('the records that are made for dashboards', () => {
  it('are read by one', () => {
    const read = new Set(expressions.flatMap(({ expr }) => metricsOf(interpolate(expr, values))))
    expect([...recordsForDashboards].filter((record) => !read.has(record))).toEqual([])
  })
})

describeWithTool(['promtool'], 'the expressions of dashboards', () => {
  it.each(promtools)('%s: are of the right types', async (program) => {
    const rules = expressions.map(({ name, expr }, index) => ({
      record: `expression_${index}`,
      expr: interpolate(expr, values),
      labels: { name },
    }))
    const file = join(await tempFolder(), 'rules.yml')
    // JSON is YAML.
    await writeFile(file, JSON.stringify({ groups: [{ name: 'dashboards', rules }] }))
    expect(await promtool(program, ['check', 'rules', file])).toMatchObject({ passed: true })
  })
})
