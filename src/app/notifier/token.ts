import { messageOf } from '../../lib/errors.ts'
import { readOrCreateToken, readToken } from '../../lib/io/token-file.ts'
import type { Logger } from '../../lib/logger.ts'
import { startWatcher } from '../../settings/reload/watch.ts'

/** The bearer token that Alertmanager must send. It follows its file, such as a Secret of Kubernetes. */
export interface NotifierToken {
  readonly current: () => string
  /** @throws ProbityError As `readToken`: the token in force stays. */
  readonly reload: () => Promise<void>
  readonly stop: () => Promise<void>
}

/**
 * Reads the token, and makes one where there is no file.
 *
 * @throws ProbityError `TOKEN_UNREADABLE`, or `TOKEN_UNWRITABLE` when it cannot be made.
 */
export async function openNotifierToken(file: string, log: Logger): Promise<NotifierToken> {
  const { token, created } = await readOrCreateToken(file)
  if (created) log.info({ file }, 'created a bearer token: Alertmanager reads it as credentials_file')
  let current = token
  async function reload(): Promise<void> {
    const before = current
    current = await readToken(file)
    if (current !== before) log.info({ file }, 'the bearer token has changed')
  }
  const watcher = startWatcher({
    paths: () => [file],
    async onChange() {
      await watcher.mark()
      await reload().catch((error: unknown) => {
        log.error(`${messageOf(error)}: the bearer token that was read before stays in force`)
      })
    },
    log,
    pollMs: 2000,
    settleMs: 100,
  })
  // What was there when it was read may have changed by now.
  await watcher.mark()
  await reload().catch(() => undefined)
  return { current: () => current, reload, stop: watcher.stop }
}
