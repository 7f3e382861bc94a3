import express, { type Request, type Response } from 'express'
import { randomBytes } from 'node:crypto'
import { listenHttp } from '../../../src/lib/http/listen.ts'

/** What a request does instead of its work. */
export type Fault = (request: Request, response: Response) => void

/** The faults that a step can meet, and the reason that each is to become. */
export const faults = {
  status: (_, response) => void response.status(500).send('out of order'),
  timeout: () => undefined,
  connect: (request) => void request.socket.destroy(),
  protocol: (request) => void request.socket.end('this is not HTTP\r\n\r\n'),
  size: ({ path }, response) =>
    void response.status(path === '/orders' ? 201 : 200).send('x'.repeat(200_000)),
  redirect: (request, response) => {
    response.redirect(307, request.originalUrl)
  },
} satisfies Record<string, Fault>

export interface Shop {
  readonly url: string
  /** The requests in their order: `POST /login`. */
  readonly requests: string[]
  /** The orders that nobody has deleted. */
  readonly orders: Set<string>
  /** Every session, CSRF token and order that was handed out. */
  readonly secrets: string[]
  /** What goes wrong, by the name of the step. */
  readonly broken: Map<string, Fault>
  /** What is sent in place of the page after the login. */
  page: ((csrf: string) => string) | undefined
  readonly stop: () => Promise<void>
}

/** A shop in which one logs in, orders and cancels. It takes nothing without its session cookie and its CSRF token. */
export async function startShop(): Promise<Shop> {
  const app = express()
  const sessions = new Map<string, string>()
  const orders = new Set<string>()
  const secrets: string[] = []
  const requests: string[] = []
  const broken = new Map<string, Fault>()
  const shop = { requests, orders, secrets, broken, page: undefined as Shop['page'] }
  const fresh = (): string => {
    // As real tokens have them: characters that a URL and a form must escape.
    const secret = `${randomBytes(12).toString('base64')}+/=" z`
    secrets.push(secret)
    return secret
  }
  app.use(express.urlencoded(), express.json())
  app.use((request, _response, next) => {
    requests.push(`${request.method} ${request.path}`)
    next()
  })
  const or =
    (step: string, work: Fault): Fault =>
    (request, response) => {
      const fault = broken.get(step) ?? work
      fault(request, response)
    }
  const refused: Fault = (request, response) => {
    const sid = decodeURIComponent(/sid=([^;]*)/.exec(request.headers.cookie ?? '')?.[1] ?? '')
    const expected = sessions.get(sid)
    if (expected === undefined) response.status(401).send('no session')
    else if (request.get('X-CSRF-Token') !== expected) response.status(403).send('wrong token')
  }
  app.post(
    '/login',
    or('login', (request, response) => {
      const { user, password } = request.body as Record<string, string>
      if (user !== 'probe' || password !== 'open sesame') {
        response.status(401).send('who are you?')
        return
      }
      const [sid, csrf] = [fresh(), fresh()]
      sessions.set(sid, csrf)
      response.set('X-Request-Id', '4711').cookie('sid', sid, { httpOnly: true })
      response.send(shop.page?.(csrf) ?? `<input name="csrf" value='${csrf}'>`)
    }),
  )
  app.post(
    '/orders',
    or('create', (request, response) => {
      refused(request, response)
      if (response.headersSent) return
      const id = `${randomBytes(6).toString('hex')}/ä b`
      orders.add(id)
      secrets.push(id)
      response.status(201).json({ order: { id, note: (request.body as { note: unknown }).note } })
    }),
  )
  app.delete(
    '/orders/:id',
    or('delete', (request, response) => {
      refused(request, response)
      if (!response.headersSent)
        response.status(orders.delete(String(request.params['id'])) ? 204 : 404).end()
    }),
  )
  app.post(
    '/logout',
    or('logout', (_, response) => void response.status(204).end()),
  )
  const { url, stop } = await listenHttp(app, { host: '127.0.0.1', port: 0 }, 0)
  return Object.assign(shop, { url, stop })
}
