import { execFile } from 'node:child_process'
import { cpSync, readdirSync, readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { root } from '../../scripts/stack/shipped-files.ts'
import { ruleGroups } from '../../scripts/kubernetes/prometheus-rule.ts'
import { onlyForKnownHosts } from '../../src/lib/http/hosts.ts'
import { describeWithTool } from '../support/programs/tools.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { readGolden } from './support/golden.ts'
import { overlays } from './support/kustomize.ts'
import { workloadsIn } from './support/pods.ts'
import { generateSecrets } from './support/secrets.ts'

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const deploy = (path: string): string => join('deploy/kubernetes', path)

describe('deploy/kubernetes', () => {
  it('has the rules of prometheus/rules for prometheus-operator', async () => {
    const { spec } = parse(read(deploy('base/operator/prometheus-rule.yaml'))) as {
      spec: { groups: unknown[] }
    }
    const groups = readdirSync(join(root, 'prometheus/rules'))
      .sort()
      .flatMap((name) => (parse(read(`prometheus/rules/${name}`)) as { groups: unknown[] }).groups)
    expect(spec.groups).toEqual(groups)
    expect(spec.groups).toEqual(await ruleGroups())
  })

  it.each([
    ['prometheus/kustomization.yaml', 'prometheus/rules', 'rules'],
    ['grafana/kustomization.yaml', 'grafana/dashboards', 'dashboards'],
  ])('%s names all files of %s', (file, folder, prefix) => {
    const { configMapGenerator } = parse(read(file)) as { configMapGenerator: { files: string[] }[] }
    const named = configMapGenerator.flatMap(({ files }) => files)
    expect(named.sort()).toEqual(
      readdirSync(join(root, folder))
        .map((name) => `${prefix}/${name}`)
        .sort(),
    )
  })

  it('has no password of its own: each installation makes its secrets', () => {
    const [one, other] = [generateSecrets(), generateSecrets()]
    for (const [name, values] of one) {
      for (const [key, value] of Object.entries(values)) {
        expect(value).toMatch(/[0-9a-f]{64}/)
        expect(other.get(name)?.[key]).not.toBe(value)
      }
    }
    const { password, url } = one.get('probity-database')!
    expect(url).toBe(`postgres://probity:${password}@postgres:5432/probity`)
  })

  it.each(overlays)('%s: every address names a Service, by a name that its server knows', (overlay) => {
    const manifests = readGolden(overlay)
    const text = [
      JSON.stringify(manifests),
      // The data of ConfigMaps is not in the golden file.
      ...(overlay === 'standalone' ? [read(deploy('standalone/prometheus.yml'))] : []),
    ].join('\n')
    const addresses = [
      ...text.matchAll(/(?<![\w.@/-])(?:http:\/\/)?([a-z][\w-]*(?:\.probity\.svc)?):(97\d\d|90\d\d)\b/g),
    ]
    expect(addresses.length).toBeGreaterThan(0)
    const ports = new Map(
      manifests
        .filter(({ kind }) => kind === 'Service')
        .map(({ metadata, spec }) => [
          metadata.name,
          (spec as { ports: { port: number }[] }).ports.map(({ port }) => port),
        ]),
    )
    for (const [, host = '', port] of addresses) {
      if (host === 'localhost') continue
      const service = host.replace(/\.probity\.svc$/, '')
      expect(ports.get(service), `${host}:${port}`).toContain(Number(port))
      const name = service.split('-')[0]
      const flags = workloadsIn(manifests).find((one) => one.name === service || one.name === name)!
        .containers[0]!.args
      const allowed = flags?.find((flag) => flag.startsWith('--web.allowed-hosts='))?.split('=')[1]
      if (allowed !== undefined) expect(knows(allowed, `${host}:${port}`), host).toBe(true)
    }
  })
})

/** Whether a server with these names, in the namespace `probity`, answers a request for a host. */
function knows(allowed: string, host: string): boolean {
  let answered = false
  const handler = onlyForKnownHosts(() => (answered = true), {
    allowedHosts: allowed.replaceAll('$(NAMESPACE)', 'probity').split(','),
  })
  // The handler looks at nothing else of a request and its answer.
  const refused = { writeHead: () => ({ end: () => undefined }) } as unknown as ServerResponse
  handler({ headers: { host }, rawHeaders: ['Host', host] } as unknown as IncomingMessage, refused)
  return answered
}

describeWithTool(['promtool'], 'promtool', () => {
  it('accepts the configuration of the overlay standalone, with its rules', async () => {
    const folder = await tempFolder()
    cpSync(join(root, deploy('standalone/prometheus.yml')), join(folder, 'config/prometheus.yml'))
    cpSync(join(root, 'prometheus/rules'), join(folder, 'rules'), { recursive: true })
    const { stdout } = await promisify(execFile)('promtool', [
      'check',
      'config',
      join(folder, 'config/prometheus.yml'),
    ])
    expect(stdout).toContain(
      `SUCCESS: ${readdirSync(join(root, 'prometheus/rules')).length} rule files found`,
    )
  })
})
