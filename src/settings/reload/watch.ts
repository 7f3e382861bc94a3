import { watch, type FSWatcher } from 'node:fs'
import { dirname } from 'node:path'
import type { Logger } from '../../lib/logger.ts'
import { messageOf } from '../../lib/errors.ts'
import { signatureOf } from './signature.ts'

export interface WatchOptions {
  /** Files and directories; asked before every look, because a configuration can name new ones. */
  readonly paths: () => Iterable<string>
  /** Called when something has changed and stays the same for `settleMs`, until {@link Watcher.mark} is. */
  readonly onChange: () => Promise<void>
  readonly log: Logger
  /** Milliseconds between two looks where no event arrives: bind mounts and network drives send none. */
  readonly pollMs: number
  /** Milliseconds without a change that end one: an editor or a copy may write in pieces. */
  readonly settleMs: number
}

export interface Watcher {
  /** Takes what is there now as known. To be called before it is read, so that no change after that is missed. */
  readonly mark: () => Promise<void>
  /** Safe to call twice. */
  readonly stop: () => Promise<void>
}

/** Watches files by fs.watch on their directories and by polling; neither is reliable or fast enough alone. */
export function startWatcher({ paths, onChange, log, pollMs, settleMs }: WatchOptions): Watcher {
  const watchers = new Map<string, FSWatcher>()
  let known = ''
  let pending: string | undefined
  let timer: NodeJS.Timeout | undefined
  let timerIsSoon = false
  let looking: Promise<void> | undefined
  let again = false
  let stopped = false

  /** Each once and in one order: a file that is merely named twice has not changed. */
  const watched = (): string[] => [...new Set(paths())].sort()

  function schedule(soon: boolean): void {
    if (stopped) return
    clearTimeout(timer)
    timerIsSoon = soon
    timer = setTimeout(
      () => {
        looking = look().finally(() => {
          looking = undefined
          schedule(again || pending !== undefined)
        })
      },
      soon ? settleMs : pollMs,
    )
    // Watching alone is not a reason to keep a process alive.
    timer.unref()
  }

  /** A busy directory must not put the next look off forever, so that a look that is due soon stays as it is. */
  function onEvent(): void {
    if (looking !== undefined) again = true
    else if (!timerIsSoon) schedule(true)
  }

  async function look(): Promise<void> {
    again = false
    try {
      watchDirectories()
      const signature = await signatureOf(watched())
      const settled = signature === pending
      pending = signature === known || settled ? undefined : signature
      if (settled) await onChange()
    } catch (error) {
      log.error({ err: error }, 'watching the configuration failed')
    }
  }

  function watchDirectories(): void {
    const wanted = new Set([...paths()].map(dirname))
    for (const [directory, watcher] of watchers) {
      if (wanted.has(directory)) continue
      watcher.close()
      watchers.delete(directory)
    }
    for (const directory of wanted) if (!watchers.has(directory)) watchDirectory(directory)
  }

  function watchDirectory(directory: string): void {
    try {
      const watcher = watch(directory, { persistent: false }, onEvent)
      watcher.on('error', (error) => {
        log.debug(`fs.watch of ${directory}: ${messageOf(error)}`)
        watcher.close()
        watchers.delete(directory)
      })
      watchers.set(directory, watcher)
    } catch (error) {
      // It may not exist yet, or the machine is out of watches: the next look tries again, and polling goes on.
      log.debug(`fs.watch of ${directory}: ${messageOf(error)}`)
    }
  }

  watchDirectories()
  schedule(false)
  return {
    async mark() {
      known = await signatureOf(watched())
      pending = undefined
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      for (const watcher of watchers.values()) watcher.close()
      watchers.clear()
      await looking
    },
  }
}
