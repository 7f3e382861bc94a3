import { timingSafeEqual } from 'node:crypto'
import { messageOf } from '../lib/errors.ts'
import { sha256 } from '../lib/http/bearer.ts'
import type { Logger } from '../lib/logger.ts'
import { systemClock, type Clock } from '../lib/time/clock.ts'
import { startWatcher } from '../settings/reload/watch.ts'
import { readTokens } from './file.ts'
import { covers, scopes, sendingScopes, type Scope } from './scopes.ts'
import { isExpired, type Token } from './token.ts'

/** Why somebody may not do something. */
export interface Refusal {
  /** Of HTTP: 401 without a valid token, 403 with one of another scope. */
  readonly status: 401 | 403
  /** One line. */
  readonly words: string
}

/** The tokens that are in force. */
export interface RunningTokens {
  /** Whether somebody needs a token for a scope: everything is closed, or there is a token of that scope. */
  readonly required: (scope: Scope) => boolean
  /** Whether the tokens alone close everything: there is one that is not for sending something alone. */
  readonly closeAll: () => boolean
  /** The token of a secret, or why it opens nothing. */
  readonly find: (secret: string) => Token | Refusal
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
  /** Whether something else than tokens closes everything. Default: nothing does. */
  readonly closed?: () => boolean
  readonly clock?: Pick<Clock, 'now'>
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
  closed = () => false,
  clock = systemClock,
  log,
  pollMs = 2000,
}: RunningTokensOptions): Promise<RunningTokens> {
  const path = place?.file
  let tokens: readonly Token[] = []
  let known = false

  /** @returns Those that were in force before. */
  async function read(file: string): Promise<readonly Token[]> {
    const before = tokens
    const found = await readTokens(file)
    if (found === undefined && known) {
      log.error(`${file} is gone: the tokens stay in force; to remove one, use probity token revoke`)
      return before
    }
    if (found === undefined && place?.optional === false)
      log.info(`there is no ${file} yet: until probity token create makes it, no token is required`)
    known = found !== undefined
    tokens = found ?? []
    return before
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
              (before) => {
                log.info({ audit: true, ...difference(before, tokens) }, 'tokens reloaded')
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
  const closeAll = (): boolean => tokens.some(({ scopes: own }) => !own.every(isSending))
  const required = (scope: Scope): boolean =>
    closed() || closeAll() || tokens.some((token) => token.scopes.includes(scope))
  function find(secret: string): Token | Refusal {
    const token = bearing(secret, tokens)
    if (token === undefined) return { status: 401, words: 'the token is unknown: it may have been revoked' }
    if (!isExpired(token, clock.now())) return token
    return { status: 401, words: `the token ${token.name} expired at ${token.expires ?? ''}` }
  }
  return {
    required,
    closeAll,
    find,
    refusal(scope, secret) {
      if (!required(scope)) return undefined
      if (secret === undefined) return missingToken(scope)
      const token = find(secret)
      if ('status' in token) return token
      return covers(token.scopes, scope) ? undefined : otherScope(`the token ${token.name}`, scope)
    },
    stop: () => watcher?.stop() ?? Promise.resolve(),
  }
}

/** Why nobody may use a route without saying who they are. */
export function missingToken(scope: Scope): Refusal {
  const words = `a token of scope ${scope} is required: send it as "Authorization: Bearer TOKEN"`
  return { status: 401, words }
}

/** Why somebody who is known may not use a route. */
export function otherScope(who: string, scope: Scope): Refusal {
  return { status: 403, words: `${who} does not have the scope ${scope}, so it may not ${scopes[scope]}` }
}

const isSending = (scope: string): boolean => sendingScopes.includes(scope)

function difference(before: readonly Token[], after: readonly Token[]): object {
  const missingIn = (others: readonly Token[]) => (token: Token) =>
    !others.some(({ sha256: hash }) => hash === token.sha256)
  return {
    tokens: after.length,
    added: after.filter(missingIn(before)).map(({ name }) => name),
    removed: before.filter(missingIn(after)).map(({ name }) => name),
  }
}

/** Looks at every token, so that the time says nothing about them. */
function bearing(secret: string, tokens: readonly Token[]): Token | undefined {
  const digest = sha256(secret)
  let found: Token | undefined
  for (const token of tokens) if (timingSafeEqual(digest, Buffer.from(token.sha256, 'hex'))) found = token
  return found
}
