import type { Scope } from '../tokens/scopes.ts'
import { covers } from '../tokens/scopes.ts'

/** Somebody who has shown who they are. */
export interface Caller {
  readonly name: string
  readonly how: 'token' | 'password' | 'certificate' | 'proxy' | 'login' | 'oidc'
  /** What they may do. */
  readonly scopes: readonly string[]
}

/** Why a request is not answered. */
export interface Refused {
  readonly status: 401 | 403 | 429
  /** One line. */
  readonly words: string
  /** Seconds after which to try again. */
  readonly retryAfter?: number
}

/** What a request says about who sends it: somebody who is known, something that is wrong, or nothing. */
export interface Identity {
  readonly caller?: Caller
  readonly wrong?: Refused
}

/** A user of the web configuration may do everything, as in the exporter-toolkit. */
export const everything: readonly Scope[] = ['admin']

/** Whether somebody may do what a scope is for. */
export function may({ scopes }: Caller, scope: Scope): boolean {
  return covers(scopes, scope)
}

/** How messages and the log name somebody. */
export function nameOf({ how, name }: Caller): string {
  return how === 'token' ? `the token ${name}` : name
}
