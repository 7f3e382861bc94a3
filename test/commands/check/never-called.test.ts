import { execFile } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pino from 'pino'
import { afterEach, it } from 'vitest'
import { startExporter } from '../../../src/app/exporter/exporter.ts'
import type { Exporter } from '../../../src/app/exporter/running.ts'
import { root } from '../../../scripts/stack/shipped-files.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'

let exporter: Exporter | undefined

afterEach(() => exporter?.stop())

async function check(cwd: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(root, 'bin/probity.cjs'), 'check', '--config.file=targets.yml', ...args],
    { cwd },
  )
  return stdout
}

async function report(url: string, line: string): Promise<void> {
  const sender = createSocket('udp4')
  await new Promise((resolve) => {
    sender.send(line, Number(new URL(url).port), '127.0.0.1', resolve)
  })
  sender.close()
}

it('probity check --url names the methods that no call has reached', async () => {
  const folder = await tempFolder()
  const file = join(folder, 'targets.yml')
  const methods = ['stripe.Charge.create', 'stripe.Charge.list'].map((name) => `method ${name}() {\n}\n`)
  await writeFile(file, 'targets: [{ name: shop, command: "true", interval: 1h, calls: { host: ^shop$ } }]\n')
  await writeFile(join(folder, 'stripe.mm'), methods.join(''))
  const address = { host: '127.0.0.1', port: 0 }
  exporter = await startExporter(
    { configFile: file, listenAddress: address, calls: { address, optional: false } },
    { log: pino({ level: 'silent' }), env: {} },
  )
  const { url, callsUrl = '' } = exporter
  const says = async (): Promise<string> => {
    const text = await check(folder, '--url', url)
    return text.slice(text.indexOf(`${url}:`))
  }
  const warning = (name: string): string =>
    `warning: target "${name}": no call since that Probity started; its page lists the names that programs report and no target matches\n`
  const missing = (...names: readonly string[]): string =>
    `${url}: calls are missing\n${names.map(warning).join('')}`

  await report(callsUrl, '2\t\t\t40\t200\tstripe.Charge.create\n')
  await waitFor('two calls are missing', async () => (await says()) === missing('shop', 'stripe.Charge.list'))
  await report(callsUrl, '2\t\t\t40\t200\tstripe.Charge.list\n')
  await waitFor('one is missing, of a target with a check', async () => (await says()) === missing('shop'))
  await report(callsUrl, '2\tGET\thttp://shop/\t40\t200\n')
  const done = `${url}: calls have reached every target that has calls:\n`
  await waitFor('all have been called', async () => (await says()) === done)
})
