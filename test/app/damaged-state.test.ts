import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { startExporter } from '../../src/app/exporter/exporter.ts'
import { startNotifier } from '../../src/app/notifier/notifier.ts'
import { startSolo } from '../../src/app/solo/solo.ts'
import { createLogger } from '../../src/lib/logger.ts'
import { withDatabase } from '../support/embedded.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** What solo keeps, and what one of a newer version may look like. */
const newer: Readonly<Record<string, string>> = {
  'silences.json': '{"version":99,"silences":[]}',
  'solo-state.json': '{"version":99,"targets":{}}',
  'notifier-state.jsonl': '{"probity":99,"lines":1}\n{"alerts":[]}\n',
  'heartbeats/state.jsonl': '{"probity":99,"lines":1}\n{"jobs":[]}\n',
}

const damages: readonly { readonly what: string; readonly text: (file: string) => string }[] = [
  { what: 'empty', text: () => '' },
  { what: 'cut', text: (file) => (newer[file] ?? '').slice(0, 9) },
  { what: 'bytes of chance', text: () => '\ufffd\u0000{"\n\u0007\ufffd\n' },
  { what: 'of a newer version', text: (file) => newer[file] ?? '' },
]

let folder: string
let lines: string[]

beforeEach(async () => {
  folder = await withDatabase(await tempFolder())
  lines = []
})

interface Server {
  readonly name: string
  readonly files: readonly string[]
  /** Whether there is a page that says it, too. */
  readonly hasPage: boolean
  readonly start: () => Promise<{ readonly url: string; readonly stop: () => Promise<void> }>
}

const listenAddress = { host: '127.0.0.1', port: 0 }
const dependencies = () => ({
  log: createLogger({
    destination: { write: (line: string) => void lines.push((JSON.parse(line) as { msg: string }).msg) },
  }),
  env: {},
  stdout: { write: () => true },
})

async function watching(): Promise<{
  configFile: string
  listenAddress: typeof listenAddress
  storagePath: string
}> {
  const configFile = join(folder, 'targets.yml')
  await writeFile(configFile, 'targets: [{ name: backup, heartbeat: 1d }]')
  return { configFile, listenAddress, storagePath: folder }
}

const servers: readonly Server[] = [
  {
    name: 'solo',
    files: ['solo-state.json', 'notifier-state.jsonl', 'heartbeats/state.jsonl', 'silences.json'],
    hasPage: true,
    start: async () => startSolo(await watching(), dependencies()),
  },
  {
    name: 'exporter',
    files: ['heartbeats/state.jsonl'],
    hasPage: true,
    start: async () => startExporter(await watching(), dependencies()),
  },
  {
    name: 'notifier',
    files: ['notifier-state.jsonl'],
    hasPage: false,
    async start() {
      const token = join(folder, 'token')
      await writeFile(token, 'secret-of-a-test')
      const logFile = join(folder, 'alerts.log')
      return startNotifier({ bearerTokenFile: token, logFile, listenAddress }, dependencies())
    },
  },
]

const cases = servers.flatMap((server) =>
  damages.map((damage): [string, string, Server, (typeof damages)[number]] => [
    server.name,
    damage.what,
    server,
    damage,
  ]),
)

it.each(cases)(
  '%s keeps files that are %s, and says the loss everywhere',
  async (_name, _what, server, { text }) => {
    const { files, hasPage, start } = server
    for (const file of files) {
      await mkdir(dirname(join(folder, file)), { recursive: true })
      await writeFile(join(folder, file), text(file))
    }
    const running = await start()
    try {
      const page = await (await fetch(running.url)).text()
      const metrics = await (await fetch(`${running.url}/metrics`)).text()
      for (const file of files) {
        const names = await readdir(dirname(join(folder, file)))
        const kept =
          names.find((name) => join(dirname(file), name).startsWith(`${file}.damaged-`)) ?? 'nothing'
        expect(await readFile(join(folder, dirname(file), kept), 'utf8')).toBe(text(file))
        expect(lines.filter((line) => line.startsWith(`${file} `) && line.includes(kept))).toHaveLength(1)
        if (hasPage) expect(page).toContain(`${file} could not be read at the start, and is kept as ${kept}`)
        expect(metrics).toContain(`probity_state_damaged{file="${file}"} 1`)
      }
    } finally {
      await running.stop()
    }
    lines = []
    const again = await start()
    await again.stop()
    expect(lines.filter((line) => line.includes('damaged'))).toEqual([])
  },
)
