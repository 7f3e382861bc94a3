import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { foreignFormats } from '../../src/foreign/index.ts'
import { parseConfig } from '../../src/config/load/load.ts'
import { freePorts, startProgram, untilReady } from '../../scripts/stack/process.ts'
import { root } from '../../scripts/stack/shipped-files.ts'
import { findTool } from '../support/programs/find-tool.ts'
import { prometheuses } from '../support/programs/prometheus.ts'
import { describeWithTool } from '../support/programs/tools.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'

const page = await readFile(join(root, 'docs/kubernetes.md'), 'utf8')
const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(([, text = '']) => text)
const recipe = blocks.find((text) => text.startsWith('scrape_configs:')) ?? ''
const allowing = blocks.find((text) => text.startsWith('# targets.yml')) ?? ''

it('docs/kubernetes.md names files that are there', () => {
  const paths = [...page.matchAll(/\b(?:deploy|config)\/[\w./-]*\w/g)]
    .map(([path]) => path)
    .filter((path) => !path.startsWith('deploy/kubernetes/mine'))
  expect(paths.length).toBeGreaterThan(5)
  for (const path of paths) expect(existsSync(join(root, path)), path).toBe(true)
})

it('docs/kubernetes.md allows the URLs that its jobs make, and no others', () => {
  const sources = { sources: [{ file: 'targets.yml', text: allowing }], directory: '/', files: [] }
  const { probe } = parseConfig(sources, { env: {}, foreign: foreignFormats, readSecret: () => '' })
  const allows = (url: string): boolean => probe.allow.some((pattern) => pattern.regex.matches(url))
  for (const url of ['http://shop.web.svc:80/', 'http://shop.web.svc:8080/healthz', 'https://www.example.com/'])
    expect(allows(url), url).toBe(true)
  for (const url of ['http://shop.web.svc.attacker.test/', 'http://10.96.0.1/', 'https://example.com.test/'])
    expect(allows(url), url).toBe(false)
})

/** What kubernetes_sd knows of a Service and of an Ingress: https://prometheus.io/docs/prometheus/latest/configuration/configuration/ */
const discovered = {
  services: [
    ['shop.web.svc:8080', 'shop', { annotation_probity_probe: 'true', annotation_probity_path: '/healthz' }],
    ['bank.web.svc:80', 'bank', { annotation_probity_probe: 'true' }],
    ['quiet.web.svc:80', 'quiet', {}],
  ],
  ingresses: [
    ['www.example.com', 'www', { annotation_probity_probe: 'true', scheme: 'https', path: '/login' }],
    ['quiet.example.com', 'quiet', { scheme: 'https', path: '/' }],
  ],
} as const

describe.each(prometheuses)('the jobs of docs/kubernetes.md, on %s', (program) => {
  it.runIf(findTool(program) !== undefined)('probe what is annotated, at the URLs that are allowed', async () => {
    const folder = await tempFolder()
    for (const [job, rows] of Object.entries(discovered)) {
      const role = job === 'services' ? 'service' : 'ingress'
      const groups = rows.map(([address, name, more]) => ({
        targets: [address],
        labels: Object.fromEntries(
          Object.entries({ namespace: 'web', [`${role}_name`]: name, ...prefixed(role, more) }).map(
            ([label, value]) => [`__meta_kubernetes_${label}`, value],
          ),
        ),
      }))
      await writeFile(join(folder, `${role}.json`), JSON.stringify(groups))
    }
    const config = recipe.replaceAll(
      /kubernetes_sd_configs: \[\{ role: (\w+) \}\]/g,
      (_whole, role: string) => `file_sd_configs: [{ files: [${join(folder, role)}.json] }]`,
    )
    await writeFile(join(folder, 'prometheus.yml'), config)
    const { web } = await freePorts(['web'])
    const prometheus = startProgram('prometheus', program, [
      ...[`--config.file=${join(folder, 'prometheus.yml')}`, `--storage.tsdb.path=${join(folder, 'data')}`],
      `--web.listen-address=127.0.0.1:${web}`,
    ])
    try {
      await untilReady(prometheus, `http://127.0.0.1:${web}/-/ready`)
      const targets = await waitFor('targets', async () => {
        const response = await fetch(`http://127.0.0.1:${web}/api/v1/targets?state=active`)
        const { data } = (await response.json()) as {
          data: { activeTargets: { scrapeUrl: string; labels: Record<string, string> }[] }
        }
        return data.activeTargets.length >= 3 && data.activeTargets
      })
      const found = targets
        .map(({ scrapeUrl, labels }) => ({ scrapeUrl: decodeURIComponent(scrapeUrl), ...labels }))
        .sort((a, b) => (a.scrapeUrl < b.scrapeUrl ? -1 : 1))
      const probe = 'http://exporter.probity.svc:9740/probe?target='
      expect(found).toEqual(
        [
          ['bank', 'http://bank.web.svc:80/', 'services'],
          ['shop', 'http://shop.web.svc:8080/healthz', 'services'],
          ['www', 'https://www.example.com/login', 'ingresses'],
        ].map(([name, url, job]) => ({
          ...{ scrapeUrl: `${probe}${url ?? ''}`, target: `web/${name ?? ''}`, instance: url, job },
        })),
      )
    } finally {
      await prometheus.stop()
    }
  })
})

function prefixed(role: string, labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [`${role}_${name}`, value]))
}

describeWithTool(['promtool'], 'docs/kubernetes.md', () => {
  it('has jobs that Prometheus accepts', async () => {
    const folder = await tempFolder()
    // Debian builds Prometheus without Kubernetes: here, the Services and Ingresses are none.
    const elsewhere = recipe.replaceAll(/kubernetes_sd_configs: .*/g, 'static_configs: []')
    await writeFile(join(folder, 'prometheus.yml'), elsewhere)
    const { stdout } = await promisify(execFile)('promtool', ['check', 'config', join(folder, 'prometheus.yml')])
    expect(stdout).toContain('SUCCESS')
  })
})
