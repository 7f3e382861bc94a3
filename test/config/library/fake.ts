import { startHttpPeer, type HttpPeer, type Received, type Reply } from '../../support/servers/http-peer.ts'
import { basic, json, type Documented } from './documented.ts'

/** How the vendor is: as documented, or in trouble. */
export type Condition = 'good' | 'limited' | 'lacking' | 'broken'

export interface FakeVendor {
  readonly peer: HttpPeer
  condition: Condition
  /** Refuses what it serves without a credential. */
  closed: boolean
}

/** A vendor that answers as its documentation says, and accepts only the documented request with the right credential. */
export async function startFakeVendor(documented: Documented): Promise<FakeVendor> {
  const { token, before = {}, refused } = documented
  const fake = { condition: 'good' as Condition, closed: false }
  const peer = await startHttpPeer((request) => {
    const { path } = request
    if (token && path === token.path) return tokenFor(request, documented)
    const first = before[path]
    if (first) return first
    if (path !== documented.request.path && !isSameResource(path, documented)) return { status: 404 }
    if (fake.closed || !isAsDocumented(request, documented)) return refused
    if (fake.condition === 'broken')
      return { status: 503, headers: { 'content-type': 'text/html' }, body: '<h1>Service Unavailable</h1>' }
    return documented[fake.condition]
  })
  return Object.assign(fake, { peer })
}

/** Some credentials are in the query. */
function isSameResource(path: string, { request }: Documented): boolean {
  return path.split('?')[0] === request.path.split('?')[0]
}

function isAsDocumented({ method, path, headers }: Received, { request }: Documented): boolean {
  const wanted = Object.entries(request.headers ?? {})
  return (
    method === (request.method ?? 'GET') &&
    path === request.path &&
    wanted.every(([name, value]) => headers[name] === value)
  )
}

/** RFC 6749, sections 2.3.1 and 4.4. */
function tokenFor(
  { headers, body }: Received,
  { token, env = {}, credential = '', refused }: Documented,
): Reply {
  const form = new URLSearchParams(body)
  const secret = env[credential] ?? ''
  const proven =
    token?.style === 'body'
      ? form.get('client_id') === 'app' && form.get('client_secret') === secret
      : headers['authorization'] === basic('app', secret)
  if (!proven || form.get('grant_type') !== 'client_credentials') return refused
  return json(200, { access_token: 'A21AAF-example-token', token_type: 'Bearer', expires_in: 3599 })
}
