import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { root } from '../../scripts/stack/shipped-files.ts'
import { exporterCommand } from '../../src/commands/exporter.ts'
import { notifierCommand } from '../../src/commands/notifier.ts'
import { renderCommand } from '../../src/commands/render.ts'
import { readGolden } from './support/golden.ts'
import { overlays } from './support/kustomize.ts'
import { selects, workloadsIn, type Container, type PodSpec } from './support/pods.ts'
import { generatedSecrets } from './support/secrets.ts'

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, { image: string }>
}
const dockerfile = read('Dockerfile')
const routes = read('test/contract/routes.txt')
const environment = new Set(read('test/contract/environment.txt').match(/\b[A-Z][A-Z_]+\b/g))

/** The options of the command that a container runs. */
function optionsOf({ args: [command = '', sub = ''] = [] }: Container) {
  const commands = { exporter: exporterCommand(), notifier: notifierCommand(), render: renderCommand() }
  const found = commands[command as keyof typeof commands]
  return command === 'render' ? found.commands.find((one) => one.name() === sub)!.options : found.options
}

describe.each(overlays)('deploy/kubernetes/%s', (overlay) => {
  const manifests = readGolden(overlay)
  const workloads = workloadsIn(manifests)
  const containers = workloads.flatMap(({ name, pod, claims, containers: all }) =>
    all.map((container) => ({ title: `${container.name} of ${name}`, container, pod, claims })),
  )
  const ours = containers.filter(({ container: { image } }) => image === 'probity:local')
  const names = (kind: string): string[] =>
    manifests.filter((manifest) => manifest.kind === kind).map(({ metadata: { name } }) => name)

  it('runs the images of docker-compose.yml, in the same versions', () => {
    const images = Object.values(compose.services).map(({ image }) => image)
    for (const { container } of containers) expect(images).toContain(container.image)
  })

  it.each(ours)('starts $title with flags and variables that it has', ({ container }) => {
    const options = optionsOf(container)
    const known = options.map(({ long }) => long)
    for (const flag of (container.args ?? []).filter((text) => text.startsWith('--'))) {
      expect(known).toContain(flag.split('=')[0])
    }
    const readByFlags = options.map(({ envVar }) => envVar)
    for (const { name } of container.env ?? [])
      if (name !== 'NAMESPACE') expect([...readByFlags, ...environment]).toContain(name)
  })

  it.each(ours)('gives $title the files that its flags name', ({ container, pod, claims }) => {
    const settings = [
      ...(container.args ?? []),
      ...(container.env ?? []).map(({ name, value = '' }) => `--${name}=${value}`),
    ]
    const paths = settings.flatMap((text) => /^--[\w.-]+=((?:\/|config\/).*)$/.exec(text)?.[1] ?? [])
    expect(paths.length).toBeGreaterThan(0)
    for (const path of paths) expectFile(path, container, pod, claims)
  })

  function expectFile(path: string, container: Container, pod: PodSpec, claims: readonly string[]): void {
    const file = resolve('/app', path)
    const mount = container.volumeMounts?.find(({ mountPath }) => `${file}/`.startsWith(`${mountPath}/`))
    expect(mount, `nothing is mounted for ${file}`).toBeDefined()
    const { mountPath, name } = mount!
    if (claims.includes(name)) return
    const volume = pod.volumes?.find((one) => one.name === name)
    const key = file.slice(mountPath.length + 1)
    const data = manifests.find(
      ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === volume?.configMap?.name,
    )?.data
    if (volume?.configMap) expect(Object.keys(data ?? {})).toContain(key)
    if (volume?.secret && !volume.secret.optional)
      expect(Object.keys(generatedSecrets().get(volume.secret.secretName) ?? {})).toContain(key)
  }

  it('names ConfigMaps and Secrets that are there, or may be missing', () => {
    for (const { container, pod } of containers) {
      const { env = [], envFrom = [] } = container
      const configMaps = [
        ...envFrom.map((one) => one.configMapRef),
        ...(pod.volumes ?? []).map((one) => one.configMap),
      ]
      for (const ref of configMaps) if (ref && !ref.optional) expect(names('ConfigMap')).toContain(ref.name)
      for (const { valueFrom } of env) {
        const ref = valueFrom?.secretKeyRef
        if (ref) expect(Object.keys(generatedSecrets().get(ref.name) ?? {})).toContain(ref.key)
      }
      for (const { secret } of pod.volumes ?? [])
        if (secret && !secret.optional) expect([...generatedSecrets().keys()]).toContain(secret.secretName)
    }
  })

  it.each(ours)('runs $title in folders of the image', ({ container, pod }) => {
    expect(dockerfile).toContain('WORKDIR /app')
    // The user `node` of the image, or that of Alertmanager, which reads what is rendered.
    expect([1000, 65534]).toContain((pod.securityContext as { runAsUser: number }).runAsUser)
    const folders = [...dockerfile.matchAll(/install -d .* -m 0750 (.+)$/gm)].flatMap(([, paths]) =>
      paths!.split(' '),
    )
    for (const { mountPath } of container.volumeMounts ?? []) {
      if (/^\/(var|etc\/probity\/(secrets|alertmanager))/.test(mountPath))
        expect(folders).toContain(mountPath)
    }
  })

  it.each(ours.filter(({ container }) => container.ports))(
    'listens where the ports of $title are',
    ({ container }) => {
      const listening = (container.args ?? []).flatMap(
        (text) => /listen-address=.*:(\d+)$/.exec(text)?.[1] ?? [],
      )
      expect(container.ports?.map(({ containerPort }) => containerPort)).toEqual(listening.map(Number))
    },
  )

  it('asks paths that the program has, on ports that it has', () => {
    for (const { container } of containers) {
      for (const { httpGet } of [
        container.readinessProbe,
        container.livenessProbe,
        container.startupProbe,
      ].filter((one) => one !== undefined)) {
        if (httpGet === undefined) continue
        expect(container.ports?.map(({ name }) => name)).toContain(httpGet.port)
        // Prometheus and Alertmanager have the same ones.
        expect(routes).toMatch(new RegExp(`GET ${httpGet.path}$`, 'm'))
      }
    }
  })

  it('has Services that lead to a port of Pods', () => {
    for (const { spec } of manifests.filter(({ kind }) => kind === 'Service')) {
      const { selector, ports } = spec as {
        selector: Record<string, string>
        ports: { port: number; targetPort: string }[]
      }
      const found = workloads.filter(({ labels }) => selects(selector, labels))
      expect(found).toHaveLength(1)
      for (const { port, targetPort } of ports) {
        const there = found[0]!.containers
          .flatMap((one) => one.ports ?? [])
          .find(({ name }) => name === targetPort)
        expect(there?.containerPort).toBe(port)
      }
    }
  })

  it('has what prometheus-operator selects', () => {
    for (const { spec } of manifests.filter(({ kind }) => kind === 'ServiceMonitor')) {
      const { selector, endpoints } = spec as {
        selector: { matchLabels: Record<string, string> }
        endpoints: { port: string }[]
      }
      const services = manifests.filter(
        ({ kind, metadata }) => kind === 'Service' && selects(selector.matchLabels, metadata.labels ?? {}),
      )
      expect(services.length).toBeGreaterThan(0)
      for (const service of services) {
        const { ports } = service.spec as { ports: { name: string }[] }
        for (const { port } of endpoints) expect(ports.map(({ name }) => name)).toContain(port)
      }
    }
  })
})
