import { createHash, randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../../lib/time/clock.ts'
import { everything, type Caller } from '../caller.ts'
import { scopesOf, type WebConfig } from '../web-config/web-config.ts'
import type { EndedSessions } from './ended.ts'
import { createSeal } from './seal.ts'

/** Seconds that somebody stays logged in: a working day. */
export const sessionSeconds = 12 * 3600

const content = z.object({
  id: z.string(),
  user: z.string(),
  /** Of OpenID Connect. */
  groups: z.array(z.string()).optional(),
  /** What it rests on: the session ends when that changes. */
  basis: z.string(),
  /** Milliseconds since 1970. */
  expires: z.number(),
})

/** Who logs in: a user of the web configuration, or somebody whom the provider of OpenID Connect knows. */
export interface NewSession {
  readonly user: string
  readonly groups?: readonly string[]
}

/** What is in cookies. Only the sessions that were ended are stored. */
export interface Sessions {
  /** @returns The cookie's value. */
  readonly begin: (session: NewSession) => string
  /** Who has a cookie; undefined where it is not valid, or not any more. */
  readonly read: (cookie: string) => Caller | undefined
  readonly end: (cookie: string) => void
}

export interface SessionsOptions {
  /** What cookies are sealed with. */
  readonly secret: string
  readonly config: () => Pick<WebConfig, 'users' | 'oidc'>
  readonly clock: Pick<Clock, 'now'>
  readonly ended: EndedSessions
}

/** Makes sessions. */
export function createSessions({ secret, config, clock, ended }: SessionsOptions): Sessions {
  const { seal, open } = createSeal(secret, 'session')

  /** Of a user, the password; of the others, the provider. */
  function basisOf(user: string, groups: readonly string[] | undefined): string | undefined {
    const { users, oidc } = config()
    const known = groups === undefined ? users.get(user) : oidc && `${oidc.issuer.href} ${oidc.clientId}`
    return known && createHash('sha256').update(known).digest('base64url')
  }

  function parse(cookie: string): z.infer<typeof content> | undefined {
    const session = content.safeParse(open(cookie)).data
    return session && session.expires > clock.now() ? session : undefined
  }

  return {
    begin({ user, groups }) {
      const expires = clock.now() + sessionSeconds * 1000
      return seal({ id: randomUUID(), user, groups, basis: basisOf(user, groups) ?? '', expires })
    },
    read(cookie) {
      const session = parse(cookie)
      if (!session || ended.has(session.id)) return undefined
      const { user, groups, basis } = session
      if (basis !== basisOf(user, groups)) return undefined
      const { oidc } = config()
      return groups && oidc
        ? { name: user, how: 'oidc', scopes: scopesOf(groups, oidc.scopes) }
        : { name: user, how: 'login', scopes: everything }
    },
    end(cookie) {
      const session = parse(cookie)
      if (session) ended.add(session.id, session.expires)
    },
  }
}
