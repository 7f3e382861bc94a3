import { timingSafeEqual } from 'node:crypto'
import { messageOf } from '../lib/errors.ts'
import { sha256 } from '../lib/http/bearer.ts'
import type { Logger } from '../lib/logger.ts'
import { startWatcher } from '../settings/reload/watch.ts'
import { readTokens } from './file.ts'
import { scopes, type Scope } from './scopes.ts'
import type { Token } from './token.ts'

/** Why somebody may not do something. */
export interface Refusal {
  /** Of HTTP: 401 without a valid token, 403 with one of another scope. */
  readonly status: 401 | 403
  /** One line. */
  readonly words: string
}

/** The tokens that are in force. */
export interface RunningTokens {
  /** Whether somebody needs a token for a scope: once there is one of it. */
  readonly required: (scope: Scope) => boolean
  /** Why a secret, or none, does not suffice; undefined where it does. */
  readonly refusal: (scope: Scope, secret: string | undefined) => Refusal | undefined
  readonly stop: () => Promise<void>
}

/** Where the tokens are. */
export interface TokensPlace {
  readonly file: string
  /** Whether nobody has asked for this file. The log says when one that somebody has asked for is missing. */
  readonly optional: boolean
}

export interface RunningTokensOptions {
  /** Default: there are no tokens, and everything is open. */
  readonly place?: TokensPlace | undefined
  readonly log: Logger
  /** Milliseconds between two looks at the file. Default 2000. */
  readonly pollMs?: number
}

/** Milliseconds without a change after which the file is read. */
const settleMs = 100

/**
 * Reads the tokens of a file, and reads them again whenever it changes. If it is damaged or gone then, the tokens that are
 * known stay in force, and the log says so: a mistake must not open what was closed.
 *
 * @throws ProbityError `TOKENS_UNREADABLE` or `TOKENS_INVALID` when the file cannot be used at the start.
 */
export async function startTokens({
  place,
  log,
  pollMs = 2000,
}: RunningTokensOptions): Promise<RunningTokens> {
  const path = place?.file
  let tokens: readonly Token[] = []
  let known = false

  async function read(file: string): Promise<void> {
    const found = await readTokens(file)
    if (found === undefined && known) {
      log.error(`${file} is gone: the tokens stay in force; to remove one, use probity token revoke`)
      return
    }
    if (found === undefined && place?.optional === false)
      log.info(`there is no ${file} yet: until probity token create makes it, no token is required`)
    known = found !== undefined
    tokens = found ?? []
  }

  const watcher =
    path === undefined
      ? undefined
      : startWatcher({
          paths: () => [path],
          log,
          pollMs,
          settleMs,
          async onChange() {
            await watcher?.mark()
            await read(path).then(
              () => {
                log.info({ tokens: tokens.length }, 'tokens reloaded')
              },
              (error: unknown) => {
                log.error(`${messageOf(error)}: the tokens that were read before stay in force`)
              },
            )
          },
        })
  try {
    await watcher?.mark()
    if (path !== undefined) await read(path)
  } catch (error) {
    await watcher?.stop()
    throw error
  }
  const required = (scope: Scope): boolean => tokens.some((token) => token.scopes.includes(scope))
  return {
    required,
    refusal(scope, secret) {
      if (!required(scope)) return undefined
      if (secret === undefined) {
        const words = `a token of scope ${scope} is required: send it as "Authorization: Bearer TOKEN"`
        return { status: 401, words }
      }
      const token = bearing(secret, tokens)
      if (token === undefined) return { status: 401, words: 'the token is unknown: it may have been revoked' }
      if (token.scopes.includes(scope)) return undefined
      const words = `the token ${token.name} does not have the scope ${scope}, so it may not ${scopes[scope]}`
      return { status: 403, words }
    },
    stop: () => watcher?.stop() ?? Promise.resolve(),
  }
}

/** Looks at every token, so that the time says nothing about them. */
function bearing(secret: string, tokens: readonly Token[]): Token | undefined {
  const digest = sha256(secret)
  let found: Token | undefined
  for (const token of tokens) if (timingSafeEqual(digest, Buffer.from(token.sha256, 'hex'))) found = token
  return found
}
