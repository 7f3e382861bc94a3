import { startExporter } from '../../../src/app/exporter/exporter.ts'
import { createLogger } from '../../../src/lib/logger.ts'

/** An exporter that receives calls over UDP, as programs of other languages find it. */
export interface RunningCollector {
  readonly url: string
  /** `host:port`, for PROBITY_CALLS_ADDRESS. */
  readonly address: string
  readonly metrics: () => Promise<string>
  readonly stop: () => Promise<void>
}

/** Starts an exporter with the targets of a file. */
export async function startCollector(configFile: string): Promise<RunningCollector> {
  const loopback = { host: '127.0.0.1', port: 0 }
  const exporter = await startExporter(
    { configFile, listenAddress: loopback, calls: { address: loopback, optional: false } },
    { log: createLogger({ level: 'error' }) },
  )
  return {
    url: exporter.url,
    address: new URL(exporter.callsUrl ?? '').host,
    metrics: async () => (await fetch(`${exporter.url}/metrics`)).text(),
    stop: () => exporter.stop(),
  }
}
