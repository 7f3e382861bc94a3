import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProbeResult } from '../../checks/result.ts'
import type { Target } from '../../config/target/target.ts'
import { codeOf, messageOf } from '../../lib/errors.ts'
import { replaceFile } from '../../lib/io/replace-file.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Picture } from '../../web/pages/picture.ts'

/** What browsers showed when checks failed: the newest picture of each target. */
export interface Pictures {
  /** To be called with every result. */
  readonly observe: (target: Pick<Target, 'name'>, result: ProbeResult) => void
  /** Undefined where there is none. */
  readonly of: (name: string) => Promise<Picture | undefined>
  /** Removes those of other targets. */
  readonly retain: (targets: readonly Pick<Target, 'name'>[]) => Promise<void>
  /** Waits until everything is written. */
  readonly stop: () => Promise<void>
}

export interface PicturesOptions {
  /** The folder in which they have their own, `pictures`. Default: they are kept in memory. */
  readonly storagePath?: string | undefined
  readonly log: Pick<Logger, 'warn'>
  /** The oldest of more go. Default 50. */
  readonly maxPictures?: number
}

/** Makes what keeps pictures, as files that only their owner may read, or in memory. */
export function createPictures({ storagePath, log, maxPictures = 50 }: PicturesOptions): Pictures {
  return storagePath === undefined
    ? inMemory(maxPictures)
    : inFolder(join(storagePath, 'pictures'), maxPictures, log)
}

function inMemory(maxPictures: number): Pictures {
  const pictures = new Map<string, Picture>()
  return {
    observe({ name }, { browser, startedAt: at }) {
      if (!browser?.picture) return
      pictures.delete(name)
      pictures.set(name, { at, bytes: browser.picture })
      const [oldest] = pictures.keys()
      if (pictures.size > maxPictures && oldest !== undefined) pictures.delete(oldest)
    },
    of: (name) => Promise.resolve(pictures.get(name)),
    retain(targets) {
      const names = new Set(targets.map(({ name }) => name))
      for (const name of pictures.keys()) if (!names.has(name)) pictures.delete(name)
      return Promise.resolve()
    },
    stop: () => Promise.resolve(),
  }
}

function inFolder(folder: string, maxPictures: number, log: PicturesOptions['log']): Pictures {
  let writing: Promise<void> = Promise.resolve()

  /** One after the other, so that the newest picture of a target is the last one that is written. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    writing = writing.then(work).catch((error: unknown) => {
      log.warn({ folder, error: messageOf(error) }, 'a picture of a failed check cannot be kept')
    })
    return writing
  }

  async function keep(name: string, bytes: Uint8Array): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await replaceFile(join(folder, fileOf(name)), bytes, 0o600)
    const files = await kept(folder)
    if (files.length <= maxPictures) return
    const aged = await Promise.all(
      files.map(async (file) => ({ file, at: (await stat(join(folder, file))).mtimeMs })),
    )
    aged.sort((a, b) => b.at - a.at)
    for (const { file } of aged.slice(maxPictures)) await rm(join(folder, file), { force: true })
  }

  return {
    observe({ name }, { browser }) {
      const picture = browser?.picture
      if (picture) void inTurn(() => keep(name, picture))
    },
    async of(name) {
      const path = join(folder, fileOf(name))
      try {
        const { mtime: at } = await stat(path)
        return { at, bytes: await readFile(path) }
      } catch (error) {
        if (codeOf(error) !== 'ENOENT')
          log.warn({ path, error: messageOf(error) }, 'a picture of a failed check cannot be read')
        return undefined
      }
    },
    retain: (targets) =>
      inTurn(async () => {
        const wanted = new Set(targets.map(({ name }) => fileOf(name)))
        for (const file of await kept(folder))
          if (!wanted.has(file)) await rm(join(folder, file), { force: true })
      }),
    stop: () => writing,
  }
}

/** A name may have characters that no file has. */
function fileOf(name: string): string {
  return `${createHash('sha256').update(name).digest('hex').slice(0, 32)}.jpg`
}

async function kept(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((file) => /^[0-9a-f]{32}\.jpg$/.test(file))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}
