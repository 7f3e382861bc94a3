/**
 * An exporter that receives calls, for bench/collector.ts: `collector-program.ts CONFIG`. Over IPC it says where it listens, and
 * what it has used whenever it is asked.
 */
import { startExporter } from '../src/app/exporter/exporter.ts'
import { createLogger } from '../src/lib/logger.ts'

/** What a process has used so far. */
export interface Usage {
  readonly cpuSeconds: number
  readonly rssBytes: number
}

/** Where the exporter listens. */
export interface Addresses {
  readonly url: string
  readonly udpPort: number
}

const loopback = { host: '127.0.0.1', port: 0 }
const exporter = await startExporter(
  {
    configFile: process.argv[2] ?? '',
    listenAddress: loopback,
    calls: { address: loopback, optional: false },
  },
  { log: createLogger({ level: 'error' }) },
)
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  const usage: Usage = { cpuSeconds: (user + system) / 1e6, rssBytes: process.memoryUsage.rss() }
  process.send?.(usage)
})
process.on('disconnect', () => void exporter.stop())
const addresses: Addresses = { url: exporter.url, udpPort: Number(new URL(exporter.callsUrl ?? '').port) }
process.send?.(addresses)
