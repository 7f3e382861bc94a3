import { randomBytes } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { RequestHandler, Router } from 'express'
import type { KnownHosts } from '../lib/http/hosts.ts'
import type { ServedPaths } from '../lib/http/served-paths.ts'
import type { ServingTls } from '../lib/http/serving-tls.ts'
import { createClosing } from '../lib/io/closing.ts'
import { sessionSecret } from './login/secret.ts'
import type { Logger } from '../lib/logger.ts'
import { systemClock, type Clock } from '../lib/time/clock.ts'
import type { Environment } from '../settings/secrets.ts'
import { startTokens, type RunningTokens, type TokensPlace } from '../tokens/running-tokens.ts'
import type { Scope } from '../tokens/scopes.ts'
import { addressOf } from './address.ts'
import { createAudit } from './audit.ts'
import type { Refused } from './caller.ts'
import { createDoor, type DoorOptions } from './door.ts'
import { createGuard, type Refuse } from './guard.ts'
import { createIdentify } from './identify.ts'
import { sessionCookie } from './login/cookie-name.ts'
import { cookieOf } from './login/cookies.ts'
import { loginRoutes, type SendLogin } from './login/routes.ts'
import { openEndedSessions } from './login/ended.ts'
import { createSessions } from './login/sessions.ts'
import { oidcRoutes } from './oidc/routes.ts'
import { createAttempts } from './passwords/attempts.ts'
import { createComparer } from './passwords/comparer.ts'
import { createPasswords } from './passwords/passwords.ts'
import { verifiesCertificates } from './tls/certificate.ts'
import { servingTls } from './tls/serving.ts'
import { startWebConfig } from './web-config/running.ts'

export interface AccessOptions extends KnownHosts, ServedPaths, Partial<Pick<DoorOptions, 'pathOfHost'>> {
  /** `--web.config.file`. Default: there is none. */
  readonly webConfigFile?: string | undefined
  /** Where tokens are. Default: nowhere. */
  readonly tokens?: TokensPlace | undefined
  /** The file of what cookies are sealed with. Default: it ends with the process, and with it all logins. */
  readonly sessionKeyFile?: string | undefined
  /** Sends the login page. Default: there is none, because people have nothing to see. */
  readonly sendLogin?: SendLogin
  /** How a route answers that is refused, by its path, where that is not a line of text. */
  readonly refuse?: Readonly<Record<string, Refuse>>
}

export interface AccessDependencies {
  readonly env: Environment
  readonly log: Logger
  readonly clock?: Clock
}

/** Who may use a server. */
export interface Access {
  /** What every request passes first. */
  readonly door: (inside: RequestListener) => RequestListener
  /** Refuses who may not use a route. Comes before the routes. */
  readonly guard: RequestHandler
  /** The same without Express. @returns Whether it has answered. */
  readonly refused: (request: IncomingMessage, response: ServerResponse) => boolean
  /** Why a request may not do what a scope is for. */
  readonly refusal: (request: IncomingMessage, scope: Scope) => Refused | undefined
  /** Whether somebody who is known may do what a scope is for. */
  readonly isKnownTo: (request: IncomingMessage, scope: Scope) => boolean
  readonly tokens: Pick<RunningTokens, 'required' | 'refusal'>
  /** Where people log in and out. */
  readonly routes: readonly Router[]
  /** Whether somebody has a cookie of a login, valid or not. */
  readonly isLoggedIn: (request: IncomingMessage) => boolean
  /** Whether somebody has to say who they are to see something. */
  readonly isClosed: () => boolean
  /** Where a request comes from: behind a proxy that is trusted, what that says. */
  readonly addressOf: (request: IncomingMessage) => string
  /** A token that ends with this process, with which commands of this machine may ask for a report and for subscribers. */
  readonly reportToken: string
  /** Absent where the server does not speak TLS. */
  readonly tls?: ServingTls
  /** Reads the web configuration again. @throws ConfigError where it is wrong: the old one stays in force. */
  readonly reload: () => Promise<void>
  readonly stop: () => Promise<void>
}

/**
 * Reads who may use a server, and follows its files.
 *
 * @throws ProbityError when one of them cannot be used: a mistake must not open the door.
 */
export async function startAccess(options: AccessOptions, dependencies: AccessDependencies): Promise<Access> {
  const { env, log, clock = systemClock } = dependencies
  const { externalUrl, sendLogin, sessionKeyFile, refuse = {}, pathOfHost = () => undefined } = options
  const closing = createClosing()
  try {
    const web = await startWebConfig({ file: options.webConfigFile, env, clock, log })
    closing.push(web.stop)
    const config = web.current
    const letsPeopleIn = (): boolean => config().users.size > 0 || config().oidc !== undefined
    const closed = (): boolean => {
      const { tls, proxy } = config()
      return letsPeopleIn() || proxy !== undefined || (tls !== undefined && verifiesCertificates(tls))
    }
    const tokens = await startTokens({ place: options.tokens, closed, clock, log })
    closing.push(tokens.stop)
    const comparer = createComparer()
    closing.push(comparer.stop)
    const passwords = createPasswords({
      users: () => config().users,
      attempts: createAttempts(clock),
      comparer,
    })
    const keyFile = options.webConfigFile && sendLogin ? sessionKeyFile : undefined
    const secret = await sessionSecret(keyFile, log)
    const ended = await openEndedSessions({ file: keyFile && `${keyFile}-ended`, clock, log })
    const sessions = createSessions({ secret, config, clock, ended })
    const addressOfClient = (request: IncomingMessage): string => addressOf(request, config().proxy?.networks)
    const audit = createAudit({ log, clock, addressOf: addressOfClient })
    const externalPath = externalUrl?.pathname.replace(/\/$/, '') ?? ''
    const { routePrefix, telemetryPath } = options
    const guard = createGuard({
      tokens,
      takesPasswords: () => config().users.size > 0,
      hasLogin: () => sendLogin !== undefined && letsPeopleIn(),
      refuse,
    })
    const login = sendLogin && {
      config,
      passwords,
      sessions,
      audit,
      addressOf: addressOfClient,
      isSecure: externalUrl?.protocol === 'https:',
      // Where it can also be found at the root, a cookie has to be known there.
      cookiePath: routePrefix === undefined ? '/' : `${externalUrl ? externalPath : routePrefix}/`,
      prefix: routePrefix ?? '',
      sendLogin,
    }
    const tls = servingTls(web)
    const reportToken = randomBytes(32).toString('base64url')
    return {
      door: createDoor({
        identify: createIdentify({ config, tokens, passwords, sessions, reportToken }),
        hosts: options,
        paths: { routePrefix, telemetryPath },
        externalPath,
        pathOfHost,
        headers: () => config().headers,
        audit,
      }),
      ...guard,
      guard(request, response, next) {
        if (!guard.refused(request, response)) next()
      },
      tokens,
      routes: login ? [loginRoutes(login), oidcRoutes({ ...login, secret, clock, log })] : [],
      addressOf: addressOfClient,
      reportToken,
      isLoggedIn: (request) => cookieOf(request, sessionCookie) !== undefined,
      isClosed: () => tokens.required('read'),
      ...(tls && { tls }),
      reload: web.reload,
      stop: closing.close,
    }
  } catch (error) {
    await closing.close()
    throw error
  }
}
