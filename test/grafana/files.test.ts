import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { dashboardFile, dashboards } from '../../grafana/src/dashboards.ts'
import { dashboardJsons, panelsOf } from '../support/grafana.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')

interface Service {
  readonly environment: Readonly<Record<string, string>>
  readonly volumes: readonly (string | { readonly source: string; readonly target: string })[]
}

const { grafana, postgres } = (
  parse(read('docker-compose.yml'), { merge: true }) as { services: { grafana: Service; postgres: Service } }
).services

/** Where a path inside Grafana's container is in the repository. */
function mounted(path: string): string {
  const [source, target] =
    grafana.volumes
      .map((volume) => (typeof volume === 'string' ? volume.split(':') : [volume.source, volume.target]))
      .find(([, inside]) => path.startsWith(`${inside ?? ''}/`) || path === inside) ?? []
  if (source === undefined || target === undefined) throw new Error(`nothing is mounted at ${path}`)
  return path.replace(target, source)
}

describe('grafana/dashboards', () => {
  it.each(dashboards.map(dashboardFile))('$path is what the sources give', ({ path, content }) => {
    expect(read(path)).toBe(content())
  })

  it('holds nothing else', () => {
    const generated = dashboards.map((dashboard) => dashboardFile(dashboard).path)
    expect(
      readdirSync(join(root, 'grafana/dashboards'))
        .map((name) => `grafana/dashboards/${name}`)
        .sort(),
    ).toEqual([...generated].sort())
  })
})

describe('the provisioning', () => {
  const { datasources } = parse(read('grafana/provisioning/datasources/prometheus.yml')) as {
    datasources: { type: string; url: string; isDefault: boolean; jsonData: { timeInterval: string } }[]
  }
  const { providers } = parse(read('grafana/provisioning/dashboards/probity.yml')) as {
    providers: { allowUiUpdates: boolean; options: { path: string } }[]
  }

  it('has, by default, the Prometheus of the stack, which scrapes as often as Grafana is configured to', () => {
    const { scrape_interval: interval } = (
      parse(read('prometheus/prometheus.yml')) as { global: { scrape_interval: string } }
    ).global
    expect(datasources).toMatchObject([
      {
        type: 'prometheus',
        url: 'http://prometheus:9090',
        isDefault: true,
        jsonData: { timeInterval: interval },
      },
    ])
  })

  it('has the database of the stack, with the user and the password that it has', () => {
    const { datasources: databases } = parse(read('grafana/provisioning/datasources/postgres.yml')) as {
      datasources: Record<string, unknown>[]
    }
    const { environment } = postgres
    expect(databases).toMatchObject([
      {
        type: 'grafana-postgresql-datasource',
        url: 'postgres:5432',
        user: environment['POSTGRES_USER'],
        secureJsonData: { password: `$__file{${environment['POSTGRES_PASSWORD_FILE']}}` },
        jsonData: { database: environment['POSTGRES_DB'] },
      },
    ])
    const folder = dirname(environment['POSTGRES_PASSWORD_FILE']!)
    expect(grafana.volumes).toContainEqual(expect.objectContaining({ target: folder }))
  })

  it('is mounted where Grafana looks for it', () => {
    expect(mounted('/etc/grafana/provisioning/datasources')).toBe('./grafana/provisioning/datasources')
    expect(mounted('/etc/grafana/provisioning/dashboards')).toBe('./grafana/provisioning/dashboards')
  })

  it('finds the dashboards, which cannot be changed in place', () => {
    expect(providers).toMatchObject([{ allowUiUpdates: false }])
    expect(mounted(providers[0]!.options.path)).toBe('./grafana/dashboards')
  })

  it('opens with Overview, and for nobody without a password', () => {
    const home = mounted(grafana.environment['GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH']!)
    expect(home).toBe('./grafana/dashboards/probity-overview.json')
    expect(existsSync(join(root, home))).toBe(true)
    expect(grafana.environment).toMatchObject({
      GF_AUTH_ANONYMOUS_ENABLED: 'false',
      GF_USERS_ALLOW_SIGN_UP: 'false',
    })
    expect(grafana.environment['GF_SECURITY_ADMIN_PASSWORD__FILE']).toMatch(/^\/etc\/probity\/grafana\//)
  })
})

describe('docs/dashboards.md', () => {
  const doc = read('docs/dashboards.md')

  it.each(dashboardJsons)('explains $title, panel by panel', (dashboard) => {
    const [, section = ''] = doc.split(`\n## ${dashboard.title}\n`)
    const [own = ''] = section.split('\n## ')
    const rows = [...own.matchAll(/^\| (\d+) \| ([^|]+) \|/gm)].map(
      ([, id, title]) => `${id ?? ''} ${title ?? ''}`,
    )
    expect(rows).toEqual(panelsOf(dashboard).map(({ id, title }) => `${id} ${title}`))
  })
})
