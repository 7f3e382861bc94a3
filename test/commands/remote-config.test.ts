import { afterEach, describe, expect, it } from 'vitest'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { remoteAccess } from '../../src/commands/flags/config-file.ts'
import { startExporter } from '../../src/app/exporter/exporter.ts'
import type { Exporter } from '../../src/app/exporter/running.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { startConfigServer } from '../config/remote/config-server.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'

const running: { stop: () => Promise<void> }[] = []
afterEach(async () => {
  for (const one of running.splice(0).reverse()) await one.stop()
})

const log = createLogger({ level: 'error', destination: { write: () => true } })

async function exporterOf(configFile: string, configStorage: string): Promise<Exporter> {
  const listenAddress = { host: '127.0.0.1', port: 0 }
  const exporter = await startExporter({ configFile, listenAddress, configStorage }, { log, env: {} })
  running.push(exporter)
  return exporter
}

async function text(url: string): Promise<string> {
  return (await fetch(url)).text()
}

describe('an exporter whose configuration comes from a URL', () => {
  it('goes on with the last good one through an outage and a restart, and says so', async () => {
    const server = await startConfigServer('targets: [https://a.example.com]')
    running.push(server)
    const folder = await tempFolder()
    const first = await exporterOf(server.url, folder)
    expect(await text(`${first.url}/metrics`)).toContain('probity_config_last_reload_successful 1\n')
    await waitFor('a copy', () => readFile(join(folder, 'remote-config.json'), 'utf8'))
    server.answer = (_, response) => void response.writeHead(503).end()
    await expect(first.reload()).rejects.toThrow('the server answered 503')
    for (const exporter of [first, await exporterOf(server.url, folder)]) {
      expect(await text(`${exporter.url}/metrics`)).toContain('probity_config_last_reload_successful 0\n')
      expect(await text(`${exporter.url}/sd`)).toContain('https://a.example.com')
    }
    server.serve('targets: [https://b.example.com]')
    await first.reload()
    expect(await text(`${first.url}/metrics`)).toContain('probity_config_last_reload_successful 1\n')
    expect(await text(`${first.url}/sd`)).toContain('https://b.example.com')
  })
})

describe('the token of a configuration', () => {
  it('comes from the environment or from a file, never from both', async () => {
    const file = '/run/secrets/token'
    const env = { PROBITY_CONFIG_TOKEN: 'of-environment' }
    expect(await remoteAccess({}, env).token?.()).toBe('of-environment')
    expect(remoteAccess({}, { PROBITY_CONFIG_TOKEN: '' }).token).toBeUndefined()
    await expect(remoteAccess({ 'config.tokenFile': file }, {}).token?.()).rejects.toThrow(
      `cannot read the token file ${file}`,
    )
    expect(() => remoteAccess({ 'config.tokenFile': file }, env)).toThrow('keep one of them')
  })
})
