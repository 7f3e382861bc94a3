import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { notifyTypes } from '../../src/app/channels.ts'
import { loadNotify } from '../../src/config/notify/load.ts'
import type { NotifyConfig } from '../../src/config/notify/notify.ts'
import { foreignFormats } from '../../src/foreign/index.ts'
import type { Importer } from '../../src/foreign/shared/importer.ts'
import { parseConfig } from '../../src/config/load/load.ts'
import type { Config } from '../../src/config/config.ts'
import { runProbe } from '../../src/checks/run.ts'
import type { ProbeResult } from '../../src/checks/result.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** What an import came to. */
export interface Outcome {
  readonly text: string
  /** Of every file that is not secret, by its name. */
  readonly files: Readonly<Record<string, string>>
  /** Of the files with secrets. */
  readonly secrets: Readonly<Record<string, string | undefined>>
  /** What `probity check` makes of notify.yml; nothing where there is none. */
  readonly notify: NotifyConfig | undefined
  readonly notes: readonly string[]
  /** What `probity check` makes of it. */
  readonly config: Config
}

/** The environment that imported files are checked with. */
const env = { FLAG: '1', TOKEN: 'token', SECRET: 'sesame', PUSH: 'push', SLACK_URL: 'https://hooks.example/' }

/** Imports a file as it is, and reads what was made of it. */
export async function importFile(importer: Importer, path: string, flags = {}, more = {}): Promise<Outcome> {
  const { files, notes } = await importer.read(path, env, flags)
  const shown = Object.fromEntries(
    files.filter(({ isSecret = false }) => !isSecret).map(({ name, text }) => [name, text]),
  )
  const secrets = parseEnv(files.flatMap(({ isSecret, text }) => (isSecret ? text : [])).join(''))
  const { 'targets.yml': text = '', 'notify.yml': notifyText } = shown
  const read = { sources: [{ file: 'targets.yml', text }], directory: '/', files: [] }
  const all = { ...env, ...secrets, ...more }
  return {
    text,
    files: shown,
    secrets,
    notes,
    notify: notifyText === undefined ? undefined : await loadedNotify(notifyText, all),
    config: parseConfig(read, { env: all, foreign: foreignFormats, readSecret: () => 'from-a-file' }),
  }
}

async function loadedNotify(
  text: string,
  all: Readonly<Record<string, string | undefined>>,
): Promise<NotifyConfig> {
  const path = join(await tempFolder(), 'notify.yml')
  await writeFile(path, text)
  return loadNotify(path, { env: all, types: notifyTypes, foreign: foreignFormats })
}

/** Imports a document. */
export async function importDocument(importer: Importer, document: object): Promise<Outcome> {
  const folder = await tempFolder()
  await mkdir(folder, { recursive: true })
  const path = join(folder, 'source.yml')
  await writeFile(path, JSON.stringify(document))
  return importFile(importer, path)
}

/** Probes the only target of an import. */
export async function probeImported({ config }: Outcome): Promise<ProbeResult> {
  const [target, ...others] = config.targets
  if (target === undefined || others.length > 0) throw new Error('expected exactly one target')
  return runProbe(target.check, { timeoutSeconds: target.timeout })
}
