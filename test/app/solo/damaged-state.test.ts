import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { startSolo, type Solo } from '../../../src/app/solo/solo.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { withDatabase } from '../../support/embedded.ts'
import { tempFolder } from '../../support/temp-folder.ts'

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

async function start(): Promise<Solo> {
  const configFile = join(folder, 'targets.yml')
  await writeFile(configFile, 'targets: [{ name: backup, heartbeat: 1d }]')
  const destination = { write: (line: string) => void lines.push((JSON.parse(line) as { msg: string }).msg) }
  return startSolo(
    { configFile, listenAddress: { host: '127.0.0.1', port: 0 }, storagePath: folder },
    { log: createLogger({ destination }), env: {}, stdout: { write: () => true } },
  )
}

it.each(damages)('files that are $what are kept, and the loss is said everywhere', async ({ text }) => {
  const files = Object.keys(newer)
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), text(file))
  }
  const solo = await start()
  try {
    const page = await (await fetch(solo.url)).text()
    const metrics = await (await fetch(`${solo.url}/metrics`)).text()
    for (const file of files) {
      const names = await readdir(dirname(join(folder, file)))
      const kept = names.find((name) => join(dirname(file), name).startsWith(`${file}.damaged-`)) ?? 'nothing'
      expect(await readFile(join(folder, dirname(file), kept), 'utf8')).toBe(text(file))
      expect(lines.filter((line) => line.startsWith(`${file} `) && line.includes(kept))).toHaveLength(1)
      expect(page).toContain(`${file} could not be read at the start, and is kept as ${kept}`)
      expect(metrics).toContain(`probity_state_damaged{file="${file}"} 1`)
    }
  } finally {
    await solo.stop()
  }
  lines = []
  const again = await start()
  await again.stop()
  expect(lines.filter((line) => line.includes('damaged'))).toEqual([])
})
