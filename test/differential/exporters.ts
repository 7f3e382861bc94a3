import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { freePorts, startProgram, untilReady, type Program } from '../../scripts/stack/process.ts'
import { startExporter } from '../../src/app/exporter/exporter.ts'
import type { Exporter } from '../../src/app/exporter/running.ts'
import { minorVersion } from '../support/programs/blackbox-exporter.ts'
import { readSamples, type Samples } from './compare.ts'
import { oldest } from './oldest.ts'

/** Both exporters, with one and the same blackbox.yml. */
export interface Exporters {
  readonly urls: { readonly theirs: string; readonly ours: string }
  /** Asks both at the same time. */
  readonly probe: (
    module: string,
    target: string,
  ) => Promise<{ readonly theirs: Samples; readonly ours: Samples; readonly text: string }>
  readonly stop: () => Promise<void>
}

/** Seconds. */
export const scrapeTimeout = 4

/** Starts a blackbox_exporter and Probity. */
export async function startExporters(program: string, folder: string, modules: object): Promise<Exporters> {
  const minor = minorVersion(program) ?? oldest
  const file = join(folder, 'blackbox.yml')
  await writeFile(file, JSON.stringify({ modules }))
  const { port } = await freePorts(['port'])
  const theirs: Program = startProgram('blackbox_exporter', program, [
    `--config.file=${file}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ])
  const theirUrl = `http://127.0.0.1:${port}`
  const targets = join(folder, 'targets.yml')
  await writeFile(
    targets,
    JSON.stringify({
      modules_from: 'blackbox.yml',
      probe: { allow: ['.*'], allow_networks: ['127.0.0.0/8', '::1/128', '240.0.0.0/4'] },
    }),
  )
  const ours: Exporter = await startExporter(
    { configFile: targets, listenAddress: { host: '127.0.0.1', port: 0 } },
    { log: pino({ level: 'silent' }), env: {} },
  )
  await untilReady(theirs, `${theirUrl}/-/healthy`)
  const ask = async (url: string, query: string): Promise<string> => {
    const headers = { 'X-Prometheus-Scrape-Timeout-Seconds': String(scrapeTimeout) }
    const response = await fetch(`${url}/probe?${query}`, { headers })
    const text = await response.text()
    if (response.status !== 200) throw new Error(`${url}/probe?${query}: ${response.status} ${text}`)
    return text
  }
  return {
    urls: { theirs: theirUrl, ours: ours.url },
    async probe(module, target) {
      const query = new URLSearchParams({ module, target }).toString()
      const [their, our] = await Promise.all([ask(theirUrl, query), ask(ours.url, query)])
      return { theirs: readSamples(their, minor), ours: readSamples(our, minor), text: our }
    },
    async stop() {
      await theirs.stop()
      await ours.stop()
    },
  }
}
