import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ruleGroups } from '../../scripts/kubernetes/prometheus-rule.ts'
import { root } from '../../scripts/stack/shipped-files.ts'
import { parseManifests, readGolden, type Manifest } from './support/golden.ts'
import { renderTemplate, type HelmContext } from './support/helm.ts'
import { mistakesIn } from './support/schemas.ts'

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const chart = (path: string): string => read(join('deploy/helm/probity', path))
const defaults = parse(chart('values.yaml')) as HelmContext['Values']

/** What the chart consists of, with some values set. */
function render(values: HelmContext['Values'] = {}, namespace = 'probity'): readonly Manifest[] {
  const context = { Values: { ...defaults, ...values }, Release: { Namespace: namespace } }
  return readdirSync(join(root, 'deploy/helm/probity/templates'))
    .map((name) => renderTemplate(chart(`templates/${name}`), context))
    .filter((text) => text !== '')
    .flatMap(parseManifests)
}

const key = ({ kind, metadata: { name } }: Manifest): string => `${kind} ${name}`

describe('deploy/helm/probity', () => {
  it('is what kustomize makes of the overlay operator, except the namespace and the dashboards', async () => {
    const rendered = new Map(render().map((manifest) => [key(manifest), manifest]))
    const expected = readGolden('operator').filter(
      ({ kind, metadata: { name } }) => kind !== 'Namespace' && !name.startsWith('grafana-'),
    )
    expect([...rendered.keys()].sort()).toEqual(expected.map(key).sort())
    for (const manifest of expected) {
      const own = rendered.get(key(manifest))!
      if (manifest.kind === 'ConfigMap') {
        const [[name, text]] = Object.entries(own.data ?? {}) as [[string, string]]
        expect(text).toBe(read(`config/${name}`))
        expect(own.metadata).toEqual(manifest.metadata)
      } else if (manifest.kind === 'PrometheusRule') {
        expect(own.spec).toEqual({ groups: await ruleGroups() })
      } else expect(own).toEqual(manifest)
    }
  })

  it('takes its values, and the namespace that it is installed in', async () => {
    const manifests = render(
      {
        image: { repository: 'registry.example.com/probity', tag: '1.2.3' },
        exporter: { replicas: 3, location: 'frankfurt' },
        targets: 'targets: [{ name: "a: b", tcp: "127.0.0.1:1" }] # {{ x }}\n',
      },
      'monitors',
    )
    const text = JSON.stringify(manifests)
    expect(text).not.toContain('.probity.svc')
    expect(new Set(manifests.map(({ metadata: { namespace } }) => namespace))).toEqual(new Set(['monitors']))
    expect(text).toContain('"image":"registry.example.com/probity:1.2.3"')
    expect(text).toContain('"replicas":3')
    expect(text).toContain('{"name":"PROBITY_LOCATION","value":"frankfurt"}')
    expect(manifests.find(({ data }) => data?.['targets.yml'])?.data?.['targets.yml']).toContain('"a: b"')
    for (const manifest of manifests) expect(await mistakesIn(manifest)).toEqual([])
  })

  it('has no objects of prometheus-operator where there is none', () => {
    const without = render({
      prometheusOperator: { ...(defaults.prometheusOperator as object), enabled: false },
    })
    expect(without.filter(({ apiVersion }) => apiVersion.startsWith('monitoring.'))).toEqual([])
    expect(without.length).toBeGreaterThan(5)
  })
})

describe('the renderer', () => {
  it.each(['{{ include "x" . }}', '{{ .Values.none }}', '{{ .Values.a | upper }}'])('refuses %s', (text) => {
    expect(() => renderTemplate(text, { Values: { a: 'b' }, Release: {} })).toThrow()
  })
})
