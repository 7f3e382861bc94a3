import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startNotifier } from '../../src/app/notifier/notifier.ts'
import { startSolo } from '../../src/app/solo/solo.ts'
import { root } from '../../scripts/stack/shipped-files.ts'
import { startExporter } from '../../src/app/exporter/exporter.ts'
import type { Listening } from '../../src/lib/http/listen.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** What bin/probity.cjs loads. */
const cli = JSON.stringify(pathToFileURL(join(root, 'dist/cli.js')).href)
const log = createLogger({ destination: { write: () => undefined } })
const here = { host: '127.0.0.1', port: 0 }
const stdout = { write: () => true }

/** Every kind of file that we ship, write or accept, by its name in the folder of the configuration. */
const texts: Readonly<Record<string, string>> = {
  'targets.yml': 'targets: [{ name: job, command: "true" }]\n',
  'notify.yml': 'channels: { told: { type: command, command: ["true"] } }\nroutes: [{ channels: [told] }]\n',
  'service.mm': 'method makePayment(String to) {\n  max_latency = 50ms\n}\n',
  '.hidden.mm': 'nonsense',
  '.hidden.yml': 'nonsense: [',
  '.env': 'SLACK_WEBHOOK_URL=\n',
  'README.md': '# About this folder\n',
  'targets.yml~': 'nonsense: [',
  'notifier-token': 's3cret\n',
  'alerts.log': '{}\n',
  'solo-state.json': '',
}

/** What other programs write, for the importers, next to what is not text. */
const foreign: Readonly<Record<string, string | Buffer>> = {
  'gatus.yml': 'endpoints: [{ name: a, url: "https://example.com", conditions: ["[STATUS] == 200"] }]\n',
  'minitor.yml': 'check_interval: 30s\nmonitors: [{ name: a, command: ["true"], alert_down: [log] }]\n',
  'blackbox.yml': 'modules: { http_2xx: { prober: http } }\n',
  'drawing.mm': Buffer.from([0xff, 0xfe, 0x00]),
}

let folder: string
const config = (name = ''): string => join(folder, 'config', name)

beforeAll(async () => {
  folder = await tempFolder()
  await mkdir(config('schema'), { recursive: true })
  await copyFile(join(root, 'config/schema/targets.schema.json'), config('schema/targets.schema.json'))
  for (const name of ['folder.mm', 'folder.yml', '..data']) await mkdir(config(name))
  await mkdir(join(folder, 'foreign'))
  const all = [
    ...Object.entries(texts).map(([name, text]) => [config(name), text] as const),
    ...Object.entries(foreign).map(([name, text]) => [join(folder, 'foreign', name), text] as const),
  ]
  for (const [path, text] of all) await writeFile(path, text)
})

describe('in a folder that holds every kind of file', () => {
  /** What ends by itself, with the words that say that it has read its files. */
  const commands: readonly (readonly [commandLine: string, words: RegExp])[] = [
    ['check', /config\/targets\.yml: valid, 2 targets.*exit code 0/s],
    ['check config', /config: valid, 2 targets.*exit code 0/s],
    ['check config/service.mm', /config\/service\.mm: valid, 1 target,.*exit code 0/s],
    ['render alertmanager', /receivers:.*exit code 0/s],
    ['probe job', /as expected.*exit code 0/s],
    ['probe job --config.file config', /as expected.*exit code 0/s],
    ['notify test', /told.*delivered.*exit code 0/s],
    ['import gatus foreign/gatus.yml --out gatus', /gatus.*exit code 0/s],
    ['import minitor foreign/minitor.yml --out minitor', /minitor.*exit code 0/s],
    ['import blackbox foreign/blackbox.yml --out blackbox', /blackbox.*exit code 0/s],
    // The configuration is read first; there is nothing to report on.
    ['report', /there is no history in/],
  ]

  it('every command that ends by itself does its work', async () => {
    const argvs = commands.map(([commandLine]) => ['node', 'probity', ...commandLine.split(' ')])
    // One process for all of them: to start one is most of the time that a command takes.
    const program = `
      import { main } from ${cli}
      for (const argv of ${JSON.stringify(argvs)}) {
        process.stdout.write('\\n=== ')
        await main(argv)
        process.stdout.write('\\nexit code ' + (process.exitCode ?? 0))
        process.exitCode = 0
      }`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: folder,
      env: { PATH: process.env.PATH },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text))
    await once(child, 'close')
    const outputs = output.split('\n=== ').slice(1)
    const seen = commands.map(([commandLine, words], index) => ({
      commandLine,
      output: outputs[index],
      works: words.test(outputs[index] ?? ''),
    }))
    expect(seen.filter(({ works }) => !works)).toEqual([])
  }, 240_000)

  describe('a service', () => {
    let service: Listening | undefined

    afterEach(() => service?.stop())

    const notify = () => ({ file: config('notify.yml'), optional: false })

    it.each<[name: string, start: (configFile: string) => Promise<Listening>]>([
      ['exporter', (configFile) => startExporter({ configFile, listenAddress: here }, { log })],
      [
        'notifier',
        async () =>
          startNotifier(
            {
              listenAddress: here,
              bearerTokenFile: config('notifier-token'),
              logFile: config('alerts.log'),
              storagePath: await tempFolder(),
              notify: notify(),
            },
            { log, stdout },
          ),
      ],
      [
        'solo',
        async (configFile) =>
          startSolo(
            { configFile, listenAddress: here, storagePath: await tempFolder(), notify: notify() },
            { log, stdout },
          ),
      ],
    ])('%s starts, whether its file is named or the folder', async (_name, start) => {
      for (const file of [config('targets.yml'), config()]) {
        service = await start(file)
        expect((await fetch(`${service.url}/-/healthy`)).status).toBe(200)
        await service.stop()
      }
    })
  })

  it('nothing in it is changed by reading it', async () => {
    for (const name of ['targets.yml', 'notify.yml', 'service.mm'])
      expect(await readFile(config(name), 'utf8')).toBe(texts[name])
  })
})
