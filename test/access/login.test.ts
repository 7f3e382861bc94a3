import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashSync } from 'bcryptjs'
import { afterEach, describe, expect, it } from 'vitest'
import { waitFor } from '../support/time/wait-for.ts'
import { ask, basic } from './support/ask.ts'
import { password, startService, users, type ServiceName, type TestService } from './support/services.ts'

let service: TestService
afterEach(() => service.stop())

const page = { Accept: 'text/html' }
const logIn = (next = '', more: Record<string, string> = {}) =>
  ask(`${service.url}/login`, { method: 'POST', form: { user: 'ada', password, next }, headers: more })

describe.each<ServiceName>(['exporter', 'solo'])('the login page of %s', (name) => {
  it('is where people come from every page, and leads them back', async () => {
    service = await startService(name, { web: users })
    const asked = await ask(`${service.url}/targets/open?range=7d`, { headers: page })
    expect([asked.status, asked.headers['location']]).toEqual([
      303,
      '../login?next=targets%2Fopen%3Frange%3D7d',
    ])
    const form = await ask(new URL(asked.headers['location'] as string, `${service.url}/targets/open`).href)
    expect(form.text).toContain('<input type="hidden" name="next" value="targets/open?range=7d">')
    const entered = await logIn('targets/open?range=7d')
    expect([entered.status, entered.headers['location']]).toEqual([303, './targets/open?range=7d'])
    expect(entered.headers['set-cookie']).toEqual([
      expect.stringMatching(/^probity-session=[\w-]+; Path=\/; Max-Age=43200; HttpOnly; SameSite=Lax$/),
    ])
    const Cookie = entered.cookie
    const overview = await ask(`${service.url}/`, { headers: { Cookie } })
    expect([overview.status, overview.text.includes('>Log out</button>')]).toEqual([200, true])
    expect(service.log()).toContain(
      '"audit":true,"by":"ada","how":"login","address":"127.0.0.1","msg":"logged in"',
    )
    expect(service.log()).not.toContain(password)
  })

  it('leads nowhere else', async () => {
    service = await startService(name, { web: users })
    for (const next of [
      '//evil.example',
      'https://evil.example',
      '\\\\evil.example',
      '/x',
      'login',
      'javascript:alert(1)',
    ]) {
      const { status, headers } = await logIn(next)
      const to = new URL(headers['location'] as string, `${service.url}/login`)
      expect([next, status, to.origin]).toEqual([next, 303, service.url])
    }
  })

  it('lets nobody in who logs out, changes the cookie, or is no longer a user', async () => {
    service = await startService(name, { web: users })
    const status = async (Cookie: string) =>
      (await ask(`${service.url}/api/v1/targets`, { headers: { Cookie } })).status
    const [first, second] = [(await logIn()).cookie, (await logIn()).cookie]
    expect([await status(first), await status(second), await status(`${second.slice(0, -4)}AAAA`)]).toEqual([
      200, 200, 401,
    ])
    const out = await ask(`${service.url}/logout`, { method: 'POST', headers: { Cookie: first } })
    expect([out.status, out.cookie]).toEqual([303, 'probity-session='])
    expect([await status(first), await status(second)]).toEqual([401, 200])
    expect(await readFile(join(service.folder, 'session-key-ended'), 'utf8')).toMatch(/^\n\d+ [\w-]+\n$/)
    const changed = `basic_auth_users: { ada: '${hashSync('another', 4)}' }\n`
    await writeFile(join(service.folder, 'web.yml'), changed)
    await waitFor('the new password', async () => (await status(second)) === 401)
    expect((await ask(`${service.url}/metrics`, { headers: basic('ada', password) })).status).toBe(401)
    expect((await ask(`${service.url}/metrics`, { headers: basic('ada', 'another') })).status).toBe(200)
  })

  it('is not there where nobody can log in', async () => {
    service = await startService(name, {})
    expect([(await ask(`${service.url}/login`)).status, (await logIn()).status]).toEqual([404, 404])
  })
})

it('a cookie does not let a page of another site change anything, and is sent under TLS alone where there is TLS', async () => {
  service = await startService('exporter', { web: users })
  const { cookie: Cookie } = await logIn()
  const reload = (headers: Record<string, string>) =>
    ask(`${service.url}/-/reload`, { method: 'POST', headers: { Cookie, ...headers } })
  expect((await reload({})).status).toBe(200)
  expect((await reload({ 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
  expect((await reload({ 'Sec-Fetch-Site': 'same-site' })).status).toBe(403)
  expect((await reload({ Origin: 'http://127.0.0.1:1' })).status).toBe(403)
  expect((await logIn('', { Origin: 'https://evil.example' })).status).toBe(403)
  // A link leads here with the cookie, and a heartbeat is reported with GET.
  const heartbeat = async (site: string) => {
    const headers = { Cookie, 'Sec-Fetch-Site': site }
    return (await ask(`${service.url}/api/v1/heartbeat/job`, { headers })).status
  }
  expect([await heartbeat('cross-site'), await heartbeat('none')]).toEqual([401, 200])
  const secure = await logIn('', { 'X-Forwarded-Proto': 'https' })
  expect(secure.headers['set-cookie']?.[0]).toMatch(/; Secure$/)
  expect(service.log()).toContain(
    '"by":"ada","how":"login","address":"127.0.0.1","method":"POST","path":"/-/reload","status":200',
  )
})

describe('whoever tries passwords', () => {
  it('is stopped after ten, on the page and elsewhere, while programs with the right one go on', async () => {
    service = await startService('exporter', { web: users })
    const scrape = () => ask(`${service.url}/metrics`, { headers: basic('ada', password) })
    expect((await scrape()).status).toBe(200)
    const many = await Promise.all(
      Array.from({ length: 25 }, (_, index) =>
        ask(`${service.url}/metrics`, { headers: basic('ada', `wrong ${index}`) }),
      ),
    )
    const statuses = many.map(({ status }) => status).sort()
    expect(statuses).toEqual([...Array<number>(10).fill(401), ...Array<number>(15).fill(429)])
    const form = { user: 'ada', password: 'wrong' }
    const stopped = await ask(`${service.url}/login`, { method: 'POST', form })
    expect([stopped.status, Number(stopped.headers['retry-after'])]).toEqual([
      429,
      expect.toSatisfy((seconds: number) => seconds > 200 && seconds <= 300),
    ])
    expect(stopped.text).toContain('too many wrong passwords: try again in')
    expect((await scrape()).status).toBe(200)
    expect(service.log().match(/access refused/g)).toHaveLength(10)
  })

  it('learns nothing about who there is', async () => {
    service = await startService('notifier', { web: users })
    const [known, unknown] = [await tried('ada'), await tried('bob')]
    expect(known).toEqual(unknown)
    async function tried(user: string) {
      const { status, text, headers } = await ask(`${service.url}/metrics`, { headers: basic(user, 'wrong') })
      return { status, text, challenge: headers['www-authenticate'] }
    }
  })
})
