import { Router, type Request } from 'express'
import { z } from 'zod'
import { messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { cookieOf, setCookie } from '../login/cookies.ts'
import { enter, isSecure, nextOf, setOnResponse, showLogin, type LoginOptions } from '../login/routes.ts'
import { createSeal } from '../login/seal.ts'
import type { OidcSettings } from '../web-config/web-config.ts'
import { beginFlow, createDiscover, endFlow } from './provider.ts'

export interface OidcOptions extends LoginOptions {
  /** What every path begins with. */
  readonly prefix: string
  /** What cookies are sealed with. */
  readonly secret: string
  readonly clock: Pick<Clock, 'now'>
  readonly log: Logger
}

const flowCookie = 'probity-login'

/** Seconds that somebody may take at the provider. */
const flowSeconds = 600

const flowContent = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  redirectUrl: z.string(),
  next: z.string(),
  /** Milliseconds since 1970. */
  expires: z.number(),
})

/** `GET /login/oidc` sends somebody to the provider, who sends them back to `GET /login/oidc/callback`. */
export function oidcRoutes(options: OidcOptions): Router {
  const { config, audit, addressOf, secret, clock, log } = options
  const { seal, open } = createSeal(secret, 'oidc')
  const discover = createDiscover()

  return Router()
    .get('/login/oidc', async (request, response, next) => {
      const { oidc } = config()
      if (!oidc) {
        next()
        return
      }
      response.set('Cache-Control', 'no-store')
      try {
        const { url, flow } = await beginFlow(
          await discover(oidc),
          oidc,
          redirectUrlOf(request, oidc, options),
        )
        const content = { ...flow, next: nextOf(request), expires: clock.now() + flowSeconds * 1000 }
        const secure = isSecure(request, options)
        const attributes = { maxAge: flowSeconds, secure, path: options.cookiePath }
        setOnResponse(response, setCookie(flowCookie, seal(content), attributes))
        response.redirect(303, url.href)
      } catch (error) {
        log.error(`the provider of OpenID Connect: ${messageOf(error)}`)
        const message = 'the login service does not answer: try again later'
        showLogin(request, response.status(502), options, { message, root: '../' })
      }
    })
    .get('/login/oidc/callback', async (request, response, next) => {
      const { oidc } = config()
      if (!oidc) {
        next()
        return
      }
      response.set('Cache-Control', 'no-store')
      const attributes = { maxAge: 0, secure: isSecure(request, options), path: options.cookiePath }
      setOnResponse(response, setCookie(flowCookie, '', attributes))
      const flow = flowContent.safeParse(open(cookieOf(request, flowCookie) ?? '')).data
      try {
        if (!flow || flow.expires < clock.now())
          throw new Error('the login was not begun here, or took too long')
        const search = request.originalUrl.split('?').slice(1).join('?')
        const { user, groups } = await endFlow(await discover(oidc), oidc, { flow, search })
        // Others would make the cookie too large.
        const useful = groups.filter((group) => Object.hasOwn(oidc.scopes, group))
        enter(request, response, options, { user, groups: useful })
        response.redirect(303, `../../${flow.next}`)
      } catch (error) {
        audit.refused(addressOf(request), `OpenID Connect: ${messageOf(error)}`)
        const message = 'the login failed: try again'
        showLogin(request, response.status(401), options, { message, root: '../../' })
      }
    })
}

function redirectUrlOf(request: Request, { redirectUrl }: OidcSettings, options: OidcOptions): string {
  if (redirectUrl) return redirectUrl.href
  const scheme = isSecure(request, options) ? 'https' : 'http'
  return `${scheme}://${request.headers.host ?? ''}${options.prefix}/login/oidc/callback`
}
