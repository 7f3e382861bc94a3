import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseAllDocuments, stringify } from 'yaml'

const root = join(import.meta.dirname, '../..')
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8')
const manifests = (path: string): Promise<string> => read(join('deploy/kubernetes', path))

/** A part of a manifest, and the value of the chart that it becomes. */
type Replaced = readonly (readonly [from: string | RegExp, to: string])[]

const namespace: Replaced = [
  [/\.probity\.svc/g, '.{{ .Release.Namespace }}.svc'],
  [/^( *)namespace: probity$/gm, '$1namespace: {{ .Release.Namespace }}'],
]
const image: Replaced = [
  ['image: probity:local', 'image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"'],
]

interface Template {
  readonly name: string
  readonly source: () => Promise<string>
  readonly replaced: Replaced
  /** Whether only a cluster with prometheus-operator has such objects. */
  readonly ofOperator?: boolean
}

/** The templates of the chart: what the overlay `operator` consists of. */
const templates: readonly Template[] = [
  {
    name: 'exporter',
    source: () => manifests('base/exporter/exporter.yaml'),
    replaced: [
      ...image,
      ['replicas: 2', 'replicas: {{ .Values.exporter.replicas }}'],
      [/(name: PROBITY_LOCATION\n *value: )default/, '$1{{ .Values.exporter.location | quote }}'],
    ],
  },
  {
    name: 'notifier',
    source: notifier,
    replaced: [
      ...image,
      [
        /(name: PROBITY_ALERTMANAGER_URL\n *value: ).*/,
        '$1{{ .Values.prometheusOperator.alertmanagerUrl | quote }}',
      ],
    ],
  },
  {
    name: 'network-policies',
    source: () => manifests('base/operator/network-policies.yaml'),
    replaced: [
      ['metadata.name: monitoring', 'metadata.name: {{ .Values.prometheusOperator.namespace | quote }}'],
    ],
  },
  ...[
    'base/operator/service-monitors',
    'operator/scrape-config',
    'base/operator/prometheus-rule',
    'base/operator/alertmanager-config',
  ].map((path): Template => ({
    name: path.split('/').at(-1) ?? '',
    source: () => manifests(`${path}.yaml`),
    replaced: [],
    ofOperator: true,
  })),
]

/** The files of deploy/helm/probity. */
export function helmChart(): { readonly path: string; readonly content: () => Promise<string> }[] {
  const file = (name: string, content: () => Promise<string>) => ({
    path: `deploy/helm/probity/${name}`,
    content,
  })
  return [
    file('Chart.yaml', chart),
    file('values.yaml', values),
    file('templates/config.yaml', () => Promise.resolve(config)),
    ...templates.map((template) => file(`templates/${template.name}.yaml`, () => render(template))),
  ]
}

const head = '# Made from deploy/kubernetes by `npm run generate`: edit that instead.\n'

async function render({ source, replaced, ofOperator = false }: Template): Promise<string> {
  const objects = parseAllDocuments(await source()).map((document) => {
    const object = document.toJS() as { metadata: object }
    return { ...object, metadata: { ...object.metadata, namespace: 'probity' } }
  })
  const written = objects.map((object) =>
    stringify(object, { aliasDuplicateObjects: false, lineWidth: 0, singleQuote: true }),
  )
  // Braces of the rules are theirs, and not Helm's.
  const text = written.join('---\n').replaceAll('{{', '{{ "{{" }}')
  const filled = [...namespace, ...replaced].reduce((result, [from, to]) => {
    const next = result.replace(from, to)
    if (next === result && !namespace.some(([one]) => one === from))
      throw new Error(`nothing to replace: ${String(from)}`)
    return next
  }, text)
  return head + (ofOperator ? `{{- if .Values.prometheusOperator.enabled }}\n${filled}{{- end }}\n` : filled)
}

interface Container {
  env: { readonly name: string }[]
}
interface Workload {
  readonly spec: { readonly template: { readonly spec: { readonly containers: Container[] } } }
}

/** The notifier with the variables that the overlay `operator` gives it. */
async function notifier(): Promise<string> {
  const documents = parseAllDocuments(await manifests('base/notifier/notifier.yaml')).map(
    (document) => document.toJS() as Workload,
  )
  const patch = parseAllDocuments(await manifests('operator/notifier.yaml'))[0]?.toJS() as Workload
  const [own] = documents[0]?.spec.template.spec.containers ?? []
  const [added] = patch.spec.template.spec.containers
  if (!own || !added) throw new Error('the notifier has no container')
  const names = new Set(added.env.map(({ name }) => name))
  own.env = [...added.env, ...own.env.filter(({ name }) => !names.has(name))]
  return documents.map((document) => stringify(document, { aliasDuplicateObjects: false })).join('---\n')
}

const config = `${head}apiVersion: v1
kind: ConfigMap
metadata:
  name: probity-targets
  namespace: {{ .Release.Namespace }}
data:
  targets.yml: {{ .Values.targets | quote }}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: probity-notify
  namespace: {{ .Release.Namespace }}
data:
  notify.yml: {{ .Values.notify | quote }}
`

async function chart(): Promise<string> {
  const { version, description, license } = JSON.parse(await read('package.json')) as Record<string, string>
  const content = {
    apiVersion: 'v2',
    name: 'probity',
    type: 'application',
    description,
    version,
    appVersion: version,
    kubeVersion: '>=1.25.0-0',
    annotations: { licenses: license },
  }
  return head + stringify(content, { lineWidth: 0 })
}

async function values(): Promise<string> {
  const block = (text: string): string => text.replace(/^(?=.)/gm, '  ')
  return `${head}image:
  # Where you have pushed the image that is built from the Dockerfile.
  repository: probity
  tag: local

exporter:
  replicas: 2
  # Where it probes from: the label \`location\`.
  location: default

prometheusOperator:
  # Whether there is one: without it, scrape the exporter and send alerts to the notifier as docs/existing-prometheus.md says.
  enabled: true
  # Where its Prometheus and Alertmanager are.
  namespace: monitoring
  # What the notifier asks for the ends of alerts.
  alertmanagerUrl: http://alertmanager-operated.monitoring.svc:9093

# targets.yml (docs/targets.md).
targets: |
${block(await read('config/targets.yml'))}
# notify.yml (docs/notify.md).
notify: |
${block(await read('config/notify.yml'))}`
}
