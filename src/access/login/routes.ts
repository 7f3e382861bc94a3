import type { IncomingMessage, ServerResponse } from 'node:http'
import { TLSSocket } from 'node:tls'
import express, { Router, type Request, type Response } from 'express'
import type { Audit } from '../audit.ts'
import { refusedOf } from '../identify.ts'
import type { Passwords } from '../passwords/passwords.ts'
import type { WebConfig } from '../web-config/web-config.ts'
import { sessionCookie } from './cookie-name.ts'
import { cookieOf, setCookie } from './cookies.ts'
import { sessionSeconds, type NewSession, type Sessions } from './sessions.ts'

/** What the login page shows. */
export interface LoginView {
  /** From the page to the root of the site: empty or `../`. */
  readonly root: string
  /** Where somebody wants to go, relative to the root. */
  readonly next: string
  readonly takesPasswords: boolean
  readonly hasProvider: boolean
  /** What went wrong. */
  readonly message?: string
}

/** Sends the login page; its status is set. */
export type SendLogin = (request: Request, response: Response, view: LoginView) => void

export interface LoginOptions {
  readonly config: () => WebConfig
  readonly passwords: Passwords
  readonly sessions: Sessions
  readonly audit: Audit
  readonly addressOf: (request: IncomingMessage) => string
  /** Whether browsers reach this server by https although it does not speak TLS itself. */
  readonly isSecure: boolean
  /** Below which path browsers send the cookie back. */
  readonly cookiePath: string
  readonly sendLogin: SendLogin
}

/** Bytes of the form. */
const maxFormBytes = 4096

/** `GET` and `POST /login`, and `POST /logout`. Where people cannot log in, there is no such page. */
export function loginRoutes(options: LoginOptions): Router {
  const { config, passwords, sessions, audit, addressOf } = options

  return Router()
    .use(['/login', '/logout'], (_request, response, next) => {
      const { users, oidc } = config()
      response.set('Cache-Control', 'no-store')
      if (users.size > 0 || oidc) next()
      else next('router')
    })
    .get('/login', (request, response) => {
      showLogin(request, response, options, {})
    })
    .post(
      '/login',
      express.urlencoded({ extended: false, limit: maxFormBytes }),
      async (request, response) => {
        const [user, password] = [field(request, 'user'), field(request, 'password')]
        const address = addressOf(request)
        const outcome = await passwords({ user, password, address })
        if (outcome === 'right') {
          enter(request, response, options, { user })
          response.redirect(303, `./${nextOf(request)}`)
          return
        }
        const refused = refusedOf(outcome)
        audit.refused(address, refused.words)
        if (refused.retryAfter !== undefined) response.set('Retry-After', String(refused.retryAfter))
        showLogin(request, response.status(refused.status), options, { message: refused.words })
      },
    )
    .post('/logout', (request, response) => {
      const cookie = cookieOf(request, sessionCookie) ?? ''
      const caller = sessions.read(cookie)
      if (caller) audit.loggedOut(caller.name, addressOf(request))
      sessions.end(cookie)
      const attributes = { maxAge: 0, secure: isSecure(request, options), path: options.cookiePath }
      setOnResponse(response, setCookie(sessionCookie, '', attributes))
      response.redirect(303, './login')
    })
}

/** Gives somebody who is known a cookie. */
export function enter(
  request: Request,
  response: Response,
  options: Pick<LoginOptions, 'sessions' | 'audit' | 'addressOf' | 'isSecure' | 'cookiePath'>,
  session: NewSession,
): void {
  const { sessions, audit, addressOf } = options
  const cookie = sessions.begin(session)
  const caller = sessions.read(cookie)
  if (caller) audit.loggedIn(caller, addressOf(request))
  const secure = isSecure(request, options)
  setOnResponse(
    response,
    setCookie(sessionCookie, cookie, { maxAge: sessionSeconds, secure, path: options.cookiePath }),
  )
}

/** Shows the page again, with what went wrong. */
export function showLogin(
  request: Request,
  response: Response,
  { config, sendLogin }: Pick<LoginOptions, 'config' | 'sendLogin'>,
  { message, root = '' }: { readonly message?: string; readonly root?: string },
): void {
  const { users, oidc } = config()
  sendLogin(request, response, {
    root,
    next: nextOf(request),
    takesPasswords: users.size > 0,
    hasProvider: oidc !== undefined,
    ...(message !== undefined && { message }),
  })
}

/** Where somebody wanted to go: a path of this site, which cannot lead to another. */
export function nextOf(request: Request): string {
  const asked = request.method === 'POST' ? field(request, 'next') : request.query['next']
  if (typeof asked !== 'string' || asked.length > 2000) return ''
  return /^(?!login|logout)[\w%.~!$&'()*+,;=:@/?-]*$/.test(asked) && !asked.startsWith('/') ? asked : ''
}

/** Whether the browser speaks TLS, to this server or to what stands before it. */
export function isSecure(request: Request, { isSecure: behindTls }: Pick<LoginOptions, 'isSecure'>): boolean {
  return behindTls || request.socket instanceof TLSSocket || request.get('X-Forwarded-Proto') === 'https'
}

export function setOnResponse(response: ServerResponse, cookie: string): void {
  response.appendHeader('Set-Cookie', cookie)
}

function field({ body }: Request, name: string): string {
  const fields: unknown = body
  const value = typeof fields === 'object' && fields !== null ? (fields as Record<string, unknown>)[name] : ''
  return typeof value === 'string' ? value : ''
}
