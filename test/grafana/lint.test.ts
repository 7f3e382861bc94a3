import { describe, expect, it } from 'vitest'
import { rulesFiles, rulesOf } from '../prometheus/shipped.ts'
import {
  dashboardJsons,
  sqlDashboards,
  panelsOf,
  queriesOf,
  type DashboardJson,
  type PanelJson,
} from '../support/grafana.ts'
import { interpolateSql, sqlQueries } from '../support/grafana-sql.ts'

const overview = dashboardJsons.find(({ uid }) => uid === 'probity-overview')!

/** Addresses inside a dashboard: of its panels' links, and of those of single columns. */
function linksOf({ fieldConfig }: PanelJson): string[] {
  const columns = (fieldConfig?.overrides ?? []).flatMap(({ properties }) =>
    properties.filter(({ id }) => id === 'links').flatMap(({ value }) => value as { url: string }[]),
  )
  return [...(fieldConfig?.defaults.links ?? []), ...columns].map(({ url }) => url)
}

function overlap(one: PanelJson['gridPos'], other: PanelJson['gridPos']): boolean {
  const beside = one.x + one.w <= other.x || other.x + other.w <= one.x
  const below = one.y + one.h <= other.y || other.y + other.h <= one.y
  return !beside && !below
}

const panels = dashboardJsons.flatMap((dashboard) =>
  panelsOf(dashboard).map((panel) => ({ panel, name: `${dashboard.title}, ${panel.title}` })),
)

describe.each(dashboardJsons.map((dashboard) => ({ dashboard, title: dashboard.title })))(
  'the dashboard $title',
  ({ dashboard }) => {
    it('cannot be edited in place, says what it is for, and is found by its tag', () => {
      expect(dashboard).toMatchObject({ editable: false, tags: ['probity'] })
      expect(dashboard.description).not.toBe('')
    })

    // Dashboards hand their variables on to each other: of two kinds of data source neither may be taken for the other.
    const source = sqlDashboards.includes(dashboard) ? 'database' : 'datasource'

    it('has one variable for the data source, and everything uses it', () => {
      const { list } = dashboard.templating
      expect(list.filter(({ type }) => type === 'datasource').map(({ name }) => name)).toEqual([source])
      const users = [
        ...list.filter(({ type }) => type === 'query'),
        ...dashboard.annotations.list,
        ...panelsOf(dashboard),
        ...queriesOf(dashboard),
      ]
      const others = users.filter(({ datasource }) => datasource?.uid !== `\${${source}}`)
      expect(others).toEqual([])
    })

    it('has no id and no title twice', () => {
      const ids = dashboard.panels.map(({ id }) => id)
      expect(ids.filter((id, index) => !Number.isInteger(id) || ids.indexOf(id) !== index)).toEqual([])
      const titles = panelsOf(dashboard).map(({ title }) => title)
      expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([])
    })

    it('has its panels side by side and one below the other', () => {
      const places = dashboard.panels.map(({ gridPos }) => gridPos)
      expect(places.filter(({ x, w }) => x + w > 24)).toEqual([])
      const pairs = places.flatMap((one, index) =>
        places.slice(index + 1).map((other) => [one, other] as const),
      )
      expect(pairs.filter(([one, other]) => overlap(one, other))).toEqual([])
    })

    it('marks when alerts fired and when the configuration changed, or incidents', () => {
      if (source === 'database') {
        expect(dashboard.annotations.list.map(({ target }) => target?.rawSql)).toEqual([
          expect.stringContaining('from probity.outages('),
          expect.stringContaining('from probity.marks'),
        ])
        return
      }
      const marked = dashboard.annotations.list.map(({ expr }) => expr)
      expect(marked.filter((expr) => expr.startsWith('ALERTS{alertstate="firing",'))).toHaveLength(1)
      expect(
        marked.filter((expr) => expr.includes('probity_config_last_reload_success_timestamp')),
      ).toHaveLength(1)
    })

    it('leads to dashboards and variables that exist', () => {
      const links = panelsOf(dashboard).flatMap(linksOf)
      for (const link of links.filter((url) => url.startsWith('/d/'))) expectToExist(link)
    })

    it('repeats no panel for each target', () => {
      expect(panelsOf(dashboard).filter((panel) => 'repeat' in panel)).toEqual([])
    })
  },
)

describe.each(panels)('$name', ({ panel }) => {
  it('says what it shows, and what to do when it looks bad', () => {
    expect(panel.title).not.toBe('')
    expect(panel.description).toMatch(/^.{20,}\n\n\*\*When it looks bad:\*\* .{20,}$/)
  })

  it('has a unit', () => {
    expect(panel.fieldConfig?.defaults.unit).toMatch(/./)
  })

  it('reads rates over the window that suits its points', () => {
    for (const { expr = '', instant } of panel.targets ?? []) {
      const windows = [...expr.matchAll(/\b(?:rate|increase|irate)\([^[]*\[([^\]]+)\]/g)].map(
        ([, window]) => window,
      )
      const wanted = instant === true ? '$__range' : '$__rate_interval'
      expect(windows.filter((window) => window !== wanted)).toEqual([])
    }
  })
})

describe.each(sqlQueries)('$name', ({ panel, format, sql }) => {
  it('is of the time range and of the chosen vendors', () => {
    expect(sql).toContain('$__timeFrom()')
    expect(sql).toContain('$__timeTo()')
    // A list in parentheses is not SQL while there is no vendor.
    expect(sql).toContain('any (array[${vendor:sqlstring}]::text[])')
  })

  it('has a value for every variable and macro', () => {
    const choice = { from: 0, to: 1, vendors: [], timeZone: 'utc' }
    expect(interpolateSql(sql, choice)).not.toMatch(/\$(?!\$)/)
  })

  it('has the format that its panel draws, and says what it means that there is nothing', () => {
    expect(format).toBe(panel.type === 'timeseries' ? 'time_series' : 'table')
    if (panel.type !== 'stat') expect(panel.fieldConfig?.defaults.noValue).toMatch(/^.{5,}\.$/)
  })

  it('reads no single checks: there are millions', () => {
    expect(sql).not.toMatch(/probe_results|call_minutes/)
  })
})

describe('links', () => {
  it('lead from every row of targets on Overview to the target', () => {
    const about = panelsOf(overview).filter(({ type }) => type !== 'stat')
    const toTarget =
      /^\/d\/probity-target\?var-target=\$\{(__field\.labels|__data\.fields)\.target:percentencode\}&/
    const without = about.filter((panel) => !linksOf(panel).some((url) => toTarget.test(url)))
    expect(without.map(({ title }) => title)).toEqual([])
  })

  it.each(['probity-overview', 'probity-target'])('lead from %s to the runbook', (uid) => {
    const { panels: all } = dashboardJsons.find((dashboard) => dashboard.uid === uid)!
    expect(all.flatMap(linksOf)).toContain('${__data.fields.runbook:raw}')
  })

  it('of every alert lead to a dashboard that exists', () => {
    const urls = rulesFiles
      .flatMap(rulesOf)
      .flatMap(({ annotations }) => annotations?.['dashboard_url'] ?? [])
    expect(urls.length).toBeGreaterThan(0)
    for (const url of urls) expectToExist(url)
  })
})

/** A dashboard of this uid, with every variable that the address sets. */
function expectToExist(url: string): void {
  const [, uid, query = ''] = /^\/d\/([\w-]+)(?:\?(.*))?$/.exec(url) ?? []
  const dashboard: DashboardJson | undefined = dashboardJsons.find((one) => one.uid === uid)
  expect({ url, exists: dashboard !== undefined }).toEqual({ url, exists: true })
  const names = dashboard?.templating.list.map(({ name }) => name) ?? []
  const set = [...query.matchAll(/\bvar-(\w+)=/g)].map(([, name]) => name!)
  expect(set.filter((name) => !names.includes(name))).toEqual([])
}
