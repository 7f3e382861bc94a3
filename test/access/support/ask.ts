import { request, type OutgoingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'

/** What a server answered. */
export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  /** The part of `Set-Cookie` that a browser sends back. */
  readonly cookie: string
}

export interface AskOptions {
  readonly method?: string
  readonly headers?: OutgoingHttpHeaders
  readonly form?: Readonly<Record<string, string>>
}

/** Asks with exactly these headers, Host and those of browsers included, and follows nothing. */
export function ask(url: string, { method = 'GET', headers = {}, form }: AskOptions = {}): Promise<Answered> {
  const body = form && new URLSearchParams(form).toString()
  const type = body === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' }
  return new Promise((resolve, reject) => {
    request(url, { method, agent: false, headers: { ...type, ...headers } }, (answer) => {
      text(answer).then((content) => {
        const [cookie = ''] = answer.headers['set-cookie'] ?? []
        const { statusCode: status = 0, headers: received } = answer
        resolve({ status, headers: received, text: content, cookie: cookie.split(';')[0] ?? '' })
      }, reject)
    })
      .on('error', reject)
      .end(body)
  })
}

/** The header of Basic authentication. */
export function basic(user: string, secret: string): { Authorization: string } {
  return { Authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}` }
}
