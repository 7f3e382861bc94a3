import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { manifest } from './manifest.ts'

const folder = join(import.meta.dirname, '../../prometheus/rules')

/** The groups of all files of prometheus/rules, in the order of their names. */
export async function ruleGroups(): Promise<unknown[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yml')).sort()
  const read = files.map(async (name) => {
    const { groups } = parse(await readFile(join(folder, name), 'utf8')) as { groups: unknown[] }
    return groups
  })
  return (await Promise.all(read)).flat()
}

/** The rules as prometheus-operator reads them. */
export async function prometheusRule(): Promise<string> {
  return manifest('the rules in prometheus/rules', {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'probity', labels: { 'app.kubernetes.io/name': 'probity' } },
    spec: { groups: await ruleGroups() },
  })
}
