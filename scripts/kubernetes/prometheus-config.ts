import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { format } from 'oxfmt'
import { parseDocument, type YAMLSeq } from 'yaml'

const source = join(import.meta.dirname, '../../prometheus/prometheus.yml')

/**
 * prometheus.yml for deploy/kubernetes/standalone. There are several exporters there, and each counts what it has seen: their
 * own metrics are scraped from each Pod. The rules are in a folder of their ConfigMap.
 */
export async function prometheusConfig(): Promise<string> {
  const document = parseDocument(await readFile(source, 'utf8'))
  document.commentBefore = ' Made from prometheus/prometheus.yml by `npm run generate`: edit that instead.'
  document.setIn(['rule_files'], ['../rules/*.yml'])
  const jobs = document.toJS() as { scrape_configs: { job_name: string }[] }
  const index = jobs.scrape_configs.findIndex(({ job_name: name }) => name === 'probity')
  if (index === -1) throw new Error('prometheus/prometheus.yml has no job named probity')
  const job = document.createNode({
    job_name: 'probity',
    dns_sd_configs: [{ names: ['exporter-pods'], type: 'A', port: 9740, refresh_interval: '5s' }],
  })
  document.setIn(['scrape_configs', index], job)
  const jobsNode = document.get('scrape_configs') as YAMLSeq
  jobsNode.commentBefore =
    ' The own metrics of each Pod. Its name has no address while no exporter runs: ExporterDown fires then.'
  const text = document.toString({ lineWidth: 0 })
  return (await format('prometheus.yml', text, { singleQuote: true, printWidth: 110 })).code
}
