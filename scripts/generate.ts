import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { defaultRendering } from '../src/app/notify/alertmanager.ts'
import { templates } from '../src/alerts/alertmanager/templates.ts'
import { notifyTypes } from '../src/app/channels.ts'
import { openApiDocument } from '../src/app/openapi.ts'
import { targetsJsonSchema } from '../src/config/document/json-schema.ts'
import { notifyJsonSchema } from '../src/config/notify/json-schema.ts'
import { dashboardFile, dashboards } from '../grafana/src/dashboards.ts'
import { channelsDoc } from './docs/channels.ts'
import { checksDoc } from './docs/checks.ts'
import { errorsDoc } from './docs/errors.ts'
import { libraryDoc } from './docs/library.ts'
import { manPage } from './docs/man.ts'
import { metricsDoc } from './docs/metrics.ts'
import { discoveryDoc, targetsDoc } from './docs/targets.ts'
import { mixin, mixinRules } from './mixin.ts'
import { alertmanagerConfig } from './kubernetes/alertmanager-config.ts'
import { helmChart } from './kubernetes/helm.ts'
import { prometheusConfig } from './kubernetes/prometheus-config.ts'
import { prometheusRule } from './kubernetes/prometheus-rule.ts'

/** A file that is made of the sources and committed. */
interface Generated {
  /** From the root of the repository. */
  readonly path: string
  readonly content: () => string | Promise<string>
}

/** Everything that `npm run generate` writes. A new file is a row here. */
const generated: readonly Generated[] = [
  { path: 'config/schema/targets.schema.json', content: () => json(targetsJsonSchema()) },
  { path: 'config/schema/notify.schema.json', content: () => json(notifyJsonSchema(notifyTypes)) },
  { path: 'alertmanager/alertmanager.yml', content: () => defaultRendering().text },
  { path: 'alertmanager/templates/probity.tmpl', content: () => templates({}) },
  { path: 'docs/channels.md', content: channelsDoc },
  { path: 'docs/checks.md', content: checksDoc },
  { path: 'docs/targets.md', content: targetsDoc },
  { path: 'docs/discovery.md', content: discoveryDoc },
  { path: 'docs/errors.md', content: errorsDoc },
  { path: 'docs/library.md', content: libraryDoc },
  { path: 'docs/metrics.md', content: metricsDoc },
  { path: 'man/probity.1', content: manPage },
  { path: 'docs/openapi.json', content: () => json(openApiDocument()) },
  { path: 'deploy/kubernetes/base/operator/prometheus-rule.yaml', content: prometheusRule },
  { path: 'deploy/kubernetes/base/operator/alertmanager-config.yaml', content: alertmanagerConfig },
  { path: 'deploy/kubernetes/standalone/prometheus.yml', content: prometheusConfig },
  { path: 'mixin/mixin.libsonnet', content: mixin },
  { path: 'mixin/rules.json', content: mixinRules },
  ...helmChart(),
  ...dashboards.map(dashboardFile),
]

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

const root = join(import.meta.dirname, '..')
const check = process.argv.includes('--check')
const stale: string[] = []

for (const { path, content } of generated) {
  const file = join(root, path)
  const wanted = await content()
  const found = await readFile(file, 'utf8').catch(() => undefined)
  if (found === wanted) continue
  stale.push(path)
  if (check) continue
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, wanted)
}

for (const path of stale) console.log(check ? `${path} does not match the sources` : `wrote ${path}`)
if (check && stale.length > 0) {
  console.log('run: npm run generate')
  process.exitCode = 1
}
