import { untilAborted } from '../../../lib/time/until-aborted.ts'
import { ProbeFailure } from '../../../net/failure.ts'

/** A token that stands for a program. Times are unix seconds. */
export interface AccessToken {
  readonly value: string
  readonly issuedAt: number
  /** Absent where nobody says. */
  readonly expiresAt?: number
}

export interface TokenRequest {
  /** What distinguishes the settings that a token is for from all others. */
  readonly key: string
  /** @throws ProbeFailure */
  readonly fetch: () => Promise<AccessToken>
  /** The end of the probe that asks. */
  readonly signal: AbortSignal
  /** Unix seconds. */
  readonly now: () => number
}

type Outcome = { readonly token: AccessToken } | { readonly failure: unknown } | 'abandoned'

interface Entry {
  token?: AccessToken
  underway?: Promise<Outcome>
  /** Whether its token is there because the one before was refused. */
  afterRefusal?: boolean
}

/** For how many seconds a token is kept that does not say when it expires. */
const unknownLifetime = 300

/** More settings than this are not remembered; those that were used longest ago go first. */
const maxEntries = 1000

/**
 * When a token is renewed: with a fifth of its lifetime left, and at least 30 s. CredentialExpiring looks at the last tenth; the
 * tenth between is for the next check to renew it, so that a renewal which works is never announced.
 */
export function renewalTime({ issuedAt, expiresAt }: AccessToken): number {
  if (expiresAt === undefined) return issuedAt + unknownLifetime
  return expiresAt - Math.max(30, (expiresAt - issuedAt) / 5)
}

/** Keeps tokens, each until it is nearly over. For one key, one is fetched at a time, and all who wait for it share it. */
export class TokenStore {
  readonly #entries = new Map<string, Entry>()

  /**
   * The token to use: the one that is there while it is fresh, else a new one; where there is no new one, the old one
   * as long as it is valid.
   *
   * @throws ProbeFailure of the check that fetched it; the signal's reason.
   */
  async get(request: TokenRequest): Promise<AccessToken> {
    const { key, signal, now } = request
    for (;;) {
      const entry = this.#entry(key)
      if (entry.token && now() < renewalTime(entry.token)) return entry.token
      entry.underway ??= this.#fetch(entry, request)
      const outcome = await untilAborted(entry.underway, signal)
      // The check that fetched it ran out of its own time, which says nothing about ours.
      if (outcome === 'abandoned') continue
      if ('token' in outcome) return outcome.token
      const { token } = entry
      if (
        token?.expiresAt !== undefined &&
        now() < token.expiresAt &&
        outcome.failure instanceof ProbeFailure
      )
        return token
      throw outcome.failure
    }
  }

  /**
   * A server refused a token: it is dropped, unless it had just replaced one that was refused too. What is wrong then is
   * not the token, and not every check should ask the endpoint for one.
   */
  refused(key: string, token: AccessToken): void {
    const entry = this.#entries.get(key)
    if (entry?.token !== token || entry.afterRefusal) return
    delete entry.token
    entry.afterRefusal = true
  }

  accepted(key: string): void {
    const entry = this.#entries.get(key)
    if (entry) entry.afterRefusal = false
  }

  #entry(key: string): Entry {
    const entry = this.#entries.get(key) ?? {}
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= maxEntries) break
      this.#entries.delete(oldest)
    }
    return entry
  }

  async #fetch(entry: Entry, { fetch, signal }: TokenRequest): Promise<Outcome> {
    try {
      const token = await untilAborted(fetch(), signal)
      entry.token = token
      return { token }
    } catch (failure) {
      return signal.aborted ? 'abandoned' : { failure }
    } finally {
      delete entry.underway
    }
  }
}
