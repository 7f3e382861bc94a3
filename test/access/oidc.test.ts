import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitFor } from '../support/time/wait-for.ts'
import { describeInBrowser } from '../support/programs/browser.ts'
import { ask, type Answered } from './support/ask.ts'
import { startProvider, type TestProvider } from './support/provider.ts'
import { password, startService, users, type TestService } from './support/services.ts'

let provider: TestProvider
let service: TestService

const web = (scopes: string): string =>
  `${users}oidc: { issuer: '${provider.url}', client_id: probity, client_secret: '\${SECRET}', scopes: ${scopes} }\n`

beforeAll(async () => {
  provider = await startProvider('probity', 'of-the-client')
  service = await startService('solo', { web: web('{ dev: read, ops: [read, reload] }') })
})
afterAll(async () => {
  await service.stop()
  await provider.stop()
})

/** From Probity to the provider and back, as a browser goes. */
async function logIn(next = ''): Promise<Answered> {
  const begun = await ask(`${service.url}/login/oidc?next=${next}`)
  const there = await ask(begun.headers['location'] as string)
  return ask(there.headers['location'] as string, { headers: { Cookie: begun.cookie } })
}

const sessionOf = ({ headers }: Answered): string =>
  [headers['set-cookie'] ?? []]
    .flat()
    .find((cookie) => cookie.startsWith('probity-session='))
    ?.split(';')[0] ?? ''

describe('a login with OpenID Connect', () => {
  it('lets somebody do what their groups may', async () => {
    const may = async (groups: readonly string[]) => {
      provider.person = { name: 'bob', groups }
      const Cookie = sessionOf(await logIn())
      const read = await ask(`${service.url}/metrics`, { headers: { Cookie } })
      const reload = await ask(`${service.url}/-/reload`, { method: 'POST', headers: { Cookie } })
      return [read.status, reload.status]
    }
    expect(await may(['ops'])).toEqual([200, 200])
    expect(await may(['dev', 'others'])).toEqual([200, 403])
    expect(await may([])).toEqual([403, 403])
    expect(service.log()).toContain('"by":"bob","how":"oidc","address":"127.0.0.1","msg":"logged in"')
  })

  it('leads back to where somebody wanted to go, and follows the groups of the file', async () => {
    provider.person = { name: 'bob', groups: ['dev'] }
    const back = await logIn('targets%2Fopen')
    expect([back.status, back.headers['location']]).toEqual([303, '../../targets/open'])
    const headers = { Cookie: sessionOf(back) }
    const reload = async () => (await ask(`${service.url}/-/reload`, { method: 'POST', headers })).status
    expect(await reload()).toBe(403)
    await writeFile(join(service.folder, 'web.yml'), web('{ dev: [read, reload] }'))
    await waitFor('the new scopes', async () => (await reload()) === 200)
    await writeFile(join(service.folder, 'web.yml'), web('{ dev: read, ops: [read, reload] }'))
    await waitFor('the old scopes', async () => (await reload()) === 403)
  })

  it.each<[string, (claims: Record<string, unknown>) => Record<string, unknown>]>([
    ['of another client', (claims) => ({ ...claims, aud: 'other' })],
    ['of another provider', (claims) => ({ ...claims, iss: 'https://evil.example' })],
    ['of another login', (claims) => ({ ...claims, nonce: 'other' })],
    ['that has expired', (claims) => ({ ...claims, exp: 1 })],
  ])('does not take an ID token %s', async (_what, forge) => {
    provider.forge = forge
    const back = await logIn()
    provider.forge = (claims) => claims
    expect([back.status, sessionOf(back)]).toEqual([401, ''])
    expect(back.text).toContain('the login failed: try again')
  })

  it('does not take what another browser has begun', async () => {
    const [begun, other] = [await ask(`${service.url}/login/oidc`), await ask(`${service.url}/login/oidc`)]
    const there = await ask(begun.headers['location'] as string)
    const callback = there.headers['location'] as string
    for (const Cookie of ['', other.cookie, 'probity-login=AAAA'])
      expect((await ask(callback, { headers: { Cookie } })).status).toBe(401)
    expect(service.log()).not.toMatch(/of-the-client|code=/)
  })
})

describeInBrowser('people in Chromium', (visit) => {
  it('log in with their organisation, and out', async () => {
    provider.person = { name: 'ada', groups: ['ops'] }
    const { page } = await visit(`${service.url}/targets/open`)
    expect(page.url()).toBe(`${service.url}/login?next=targets%2Fopen`)
    await page.getByRole('link', { name: "Log in with your organisation's account" }).click()
    await page.waitForURL(`${service.url}/targets/open`)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('open')
    expect(await page.evaluate('document.cookie')).not.toContain('session')
    await page.getByRole('button', { name: 'Log out' }).click()
    await page.waitForURL(`${service.url}/login`)
    await page.goto(`${service.url}/incidents`)
    expect(page.url()).toContain('/login?next=incidents')
  })

  it('log in with a password, and pages of other sites change nothing in their name', async () => {
    const { page, complaints } = await visit(`${service.url}/`)
    await page.getByLabel('User').fill('ada')
    await page.getByLabel('Password').fill('wrong')
    await page.getByRole('button', { name: 'Log in' }).click()
    expect(await page.getByRole('alert').textContent()).toBe('the user or the password is wrong')
    await page.getByLabel('User').fill('ada')
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.waitForURL(`${service.url}/`)
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([])

    // The same machine under another name is another site, whose form a browser sends.
    const elsewhere = provider.url.replace('127.0.0.1', 'localhost')
    await page.goto(`${elsewhere}/keys`)
    await page.setContent(`<form method="post" action="${service.url}/-/reload"><button>Win</button></form>`)
    const answered = page.waitForResponse(`${service.url}/-/reload`)
    await page.getByRole('button').click()
    expect((await answered).status()).toBe(403)
    expect(await (await answered).request().allHeaders()).not.toHaveProperty('cookie')
    await page.waitForURL(`${service.url}/-/reload`)
    await page.goto(`${service.url}/`)
    expect(page.url()).toBe(`${service.url}/`)
  })
})
