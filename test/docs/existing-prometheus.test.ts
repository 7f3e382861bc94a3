import { execFile } from 'node:child_process'
import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { freePorts, startProgram } from '../../scripts/stack/process.ts'
import { root } from '../../scripts/stack/shipped-files.ts'
import { parse as parseTargets } from '../support/parse-config.ts'
import { atEnd } from '../support/at-end.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { describeWithTool } from '../support/programs/tools.ts'
import { waitFor } from '../support/time/wait-for.ts'

type Yaml = Record<string, unknown>

const page = await readFile(join(root, 'docs/existing-prometheus.md'), 'utf8')
const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, text = '']) => text)
const blockWith = (word: string): string => blocks.find((text) => text.includes(word)) ?? ''
const jobs = blockWith('scrape_configs:')
const rules = blockWith('rule_files:')
const routes = blockWith('receivers:')
const blackboxJob = blockWith('job: blackbox-exporter')

interface Answer {
  data: { result: { metric: Record<string, string>; value: [number, string] }[] }
}

describeWithTool(['prometheus', 'promtool', 'amtool'], 'docs/existing-prometheus.md', () => {
  it('adds Probity to a Prometheus with other jobs, under other names', async () => {
    const folder = await tempFolder()
    const ports = await freePorts(['exporter', 'prometheus'])
    const exporterUrl = `127.0.0.1:${ports.exporter}`
    const prometheusUrl = `127.0.0.1:${ports.prometheus}`
    const nobody = { tcp: '127.0.0.1:1', interval: '1s' }
    const targets = [
      { name: 'nobody', ...nobody },
      { name: 'moved', ...nobody, job: 'websites' },
    ]
    await writeFile(join(folder, 'targets.yml'), stringify({ targets }))
    const own = { scrape_configs: [{ job_name: 'own', static_configs: [{ targets: [prometheusUrl] }] }] }
    const added = parse(
      jobs
        .replaceAll('probity.example.com:9740', exporterUrl)
        .replace('job_name: probity', 'job_name: monitors')
        .replace('job_name: probes', 'job_name: seen'),
    ) as typeof own
    const ruleFiles = parse(rules.replace('probity/prometheus', join(root, 'prometheus'))) as Yaml
    const config: Yaml = {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      ...ruleFiles,
      scrape_configs: [...own.scrape_configs, ...added.scrape_configs],
    }
    await writeFile(join(folder, 'prometheus.yml'), stringify(config))
    const exporter = startProgram('exporter', process.execPath, [
      join(root, 'bin/probity.cjs'),
      'exporter',
      `--config.file=${join(folder, 'targets.yml')}`,
      `--web.listen-address=${exporterUrl}`,
      '--calls.listen-address=127.0.0.1:0',
    ])
    atEnd(() => exporter.stop())
    const prometheus = startProgram('prometheus', 'prometheus', [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${prometheusUrl}`,
      '--log.level=error',
    ])
    atEnd(() => prometheus.stop())
    const ask = async (query: string): Promise<Answer['data']['result']> => {
      const url = `http://${prometheusUrl}/api/v1/query?query=${encodeURIComponent(query)}`
      const answer = await fetch(url).catch(() => undefined)
      return answer?.ok ? ((await answer.json()) as Answer).data.result : []
    }
    const [seen] = await waitFor('a scrape', async () => {
      const found = await ask('probe_success{job="seen",target="nobody"}')
      return found.length > 0 ? found : undefined
    })
    expect(seen?.value[1]).toBe('0')
    const moved = 'probe_success{job="websites",target="moved"}'
    await waitFor('a target with its own job', async () => (await ask(moved)).length === 1)
    await waitFor('a recorded series', async () => (await ask('probe:failing_for_seconds{target="nobody"}')).length === 1)
    const known = 'up and on (job, instance) max_over_time(probity_build_info[1d])'
    const [up] = await waitFor('the exporter', async () => {
      const found = await ask(known)
      return found.length > 0 ? found : undefined
    })
    expect(up?.metric).toMatchObject({ job: 'monitors', instance: exporterUrl })
    await exporter.stop()
    await waitFor('the end', async () => (await ask(`(${known}) == 0`)).length === 1)
    const [pending] = await waitFor('the alert', async () => {
      const found = await ask('ALERTS{alertname="ExporterDown"}')
      return found.some(({ metric }) => metric['job'] === 'monitors') ? found : undefined
    })
    expect(pending?.metric).toMatchObject({ job: 'monitors', severity: 'critical' })
  })

  it.each([
    ['checkout-pager', 'team=checkout', 'severity=critical'],
    ['checkout', 'team=checkout', 'severity=warning'],
    ['platform', 'team=platform', 'severity=critical'],
    ['dead-mans-switch', 'alertname=Watchdog', 'severity=none'],
    ['default', 'alertname=ExporterDown', 'severity=critical'],
  ])('routes to %s as Alertmanager reads it', async (receiver, ...labels) => {
    const file = join(await tempFolder(), 'alertmanager.yml')
    await writeFile(file, routes)
    const route = ['config', 'routes', 'test', `--config.file=${file}`, `--verify.receivers=${receiver}`]
    const amtool = startProgram('amtool', 'amtool', [...route, ...labels])
    expect([await amtool.exited, amtool.output()]).toEqual([0, expect.stringContaining(receiver)])
  })
})

it('docs/existing-prometheus.md sets the job that the dashboards of others select', () => {
  const { targets } = parseTargets(blackboxJob)
  expect(targets.map(({ job }) => job)).toEqual(['blackbox-exporter'])
})

it('docs/existing-prometheus.md makes links of the paths in the rules', async () => {
  const command = /^sed .*$/m.exec(page)?.[0] ?? ''
  const folder = await tempFolder()
  await cp(join(root, 'prometheus/rules'), join(folder, 'probity/prometheus/rules'), { recursive: true })
  await promisify(execFile)('sh', ['-c', command], { cwd: folder })
  const rules = join(folder, 'probity/prometheus/rules')
  for (const name of await readdir(rules)) {
    const text = await readFile(join(rules, name), 'utf8')
    const links = [...text.matchAll(/\S*(?:alerts#|d\/probity)/g)].map(([link]) => link)
    const whole = /(?:http:\/\/probity\.example\.com:9740\/docs\/alerts#|https:\/\/grafana\.example\.com\/d\/probity)$/
    expect(links.filter((link) => !whole.test(link))).toEqual([])
    expect(text).not.toContain('docs/alerts.md')
  }
})
