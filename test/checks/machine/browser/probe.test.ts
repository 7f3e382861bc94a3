import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  createBrowserProber,
  type BrowserProberOptions,
} from '../../../../src/checks/machine/browser/probe.ts'
import type { BrowserCheck } from '../../../../src/checks/machine/browser/schema.ts'
import type { ProbeResult } from '../../../../src/checks/result.ts'
import { runProbe } from '../../../../src/checks/run.ts'
import { atEnd } from '../../../support/at-end.ts'
import { checkOf } from '../../../support/checks.ts'
import { parse, parseTarget } from '../../../support/parse-config.ts'
import { tempFolder } from '../../../support/temp-folder.ts'
import { freePort } from '../../../support/programs/free-port.ts'
import { describeWithTool } from '../../../support/programs/tools.ts'
import { waitFor } from '../../../support/time/wait-for.ts'

type Keys = Readonly<Record<string, unknown>>

/** The check of a script with this text. */
async function checkOfScript(script: string, keys: Keys = {}, file = 'it.mjs'): Promise<BrowserCheck> {
  const directory = await tempFolder()
  writeFileSync(join(directory, file), script)
  // A test may run as root.
  return checkOf('browser', { browser: file, sandbox: false, ...keys }, { directory })
}

async function probe(
  check: BrowserCheck,
  { timeoutSeconds = 60, ...options }: BrowserProberOptions & { readonly timeoutSeconds?: number } = {},
): Promise<ProbeResult> {
  return runProbe(check, {
    timeoutSeconds,
    probers: { browser: () => Promise.resolve(createBrowserProber(options)) },
  })
}

/** The processes whose command has this text. */
function processesWith(text: string): string[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
  return stdout.split('\n').filter((line) => line.includes(text))
}

const pages: Readonly<Record<string, readonly [status: number, body: string]>> = {
  '/': [
    200,
    '<title>Shop</title><h1>Orders</h1><button onclick="document.body.append(\'thanks\')">Buy</button>',
  ],
  '/broken': [500, '<h1>Sorry</h1>'],
  '/noisy': [200, '<script>console.error("it is broken"); null.x</script><h1>Noisy</h1>'],
}

async function startPages(): Promise<string> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname === '/hang') return
    const [status, body] = pages[pathname] ?? [404, 'no']
    response.writeHead(status, { 'Content-Type': 'text/html' }).end(body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  atEnd(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describeWithTool(['chromium', 'ps'], 'browser, with Chromium', () => {
  let url = ''
  beforeAll(async () => {
    url = await startPages()
  })

  it('runs a script, and measures its steps', async () => {
    const script = `import assert from 'node:assert'
      export default async ({ page, step, env, context, browser }) => {
        await step('open', () => page.goto(env.SHOP + '/?token=abc'))
        const text = await step('buy', async () => {
          await page.getByRole('button', { name: 'Buy' }).click()
          return page.locator('body').innerText()
        })
        assert.match(text, /thanks/)
        assert.equal(await page.title(), 'Shop')
        assert.deepEqual(Object.keys(process.env).filter((name) => /SECRET|KEY/.test(name)), [])
        assert.equal(process.env.SHOP, env.SHOP)
        assert.ok(context && browser)
      }`
    process.env['PROBITY_TEST_SECRET'] = 'sesame'
    const result = await probe(await checkOfScript(script, { env: { SHOP: url } }))
    delete process.env['PROBITY_TEST_SECRET']
    expect(result.failure).toBeUndefined()
    expect(result).toMatchObject({
      steps: [
        { name: 'open', outcome: 'succeeded' },
        { name: 'buy', outcome: 'succeeded' },
      ],
      browser: { consoleErrors: 0, url: `${url}/` },
    })
    expect(result.browser?.picture).toBeUndefined()
    expect(result.durationSeconds).toBeGreaterThan(0)
  })

  it.each<[string, (url: string) => string, Keys, string, RegExp]>([
    [
      'an assertion fails',
      () => `import assert from 'node:assert'
        export default async ({ page, step, env }) => {
          await step('open', () => page.goto(env.SHOP))
          await step('look', async () => assert.equal(await page.title(), 'Store'))
        }`,
      {},
      'body',
      /^step look: AssertionError: .*'Shop'.*'Store'/,
    ],
    [
      'an element does not come',
      () => `export default async ({ page, env }) => {
          await page.goto(env.SHOP)
          await page.getByText('Nobody').click({ timeout: 300 })
        }`,
      {},
      'timeout',
      /^TimeoutError: locator\.click: Timeout 300ms exceeded: waiting for getByText\('Nobody'\)$/,
    ],
    [
      'nothing listens',
      () => `export default ({ page, step, env }) => step('open', () => page.goto(env.NOBODY))`,
      {},
      'connect',
      /^step open: page\.goto: net::ERR_CONNECTION_REFUSED at /,
    ],
    [
      'the page is an error',
      () => `export default ({ page, env }) => page.goto(env.SHOP + '/broken?key=1')`,
      {},
      'status',
      /^expected pages without an error, got 500 from http:\/\/127\.0\.0\.1:\d+\/broken$/,
    ],
    [
      'the page is an error, and lacks what the script wants',
      () => `export default async ({ page, env }) => {
          await page.goto(env.SHOP + '/broken')
          await page.getByText('Orders').click({ timeout: 300 })
        }`,
      {},
      'status',
      /Timeout 300ms exceeded.* \(the page was 500 from http:\/\/127\.0\.0\.1:\d+\/broken\)$/,
    ],
    [
      'a page logs errors',
      () => `export default ({ page, env }) => page.goto(env.SHOP + '/noisy')`,
      { expect: { console_errors: false } },
      'body',
      /^expected no error on the console, got [23]: it is broken$/,
    ],
    ['it throws something else', () => `export default () => { throw 'no' }`, {}, 'body', /^no$/],
    [
      'it throws behind its own back',
      () => `export default () => new Promise(() => setTimeout(() => { throw new Error('too late') }))`,
      {},
      'body',
      /^too late$/,
    ],
    [
      'it has a mistake',
      () => 'export default async ({ page }) => {',
      {},
      'command',
      /^the script cannot be run: SyntaxError: /,
    ],
    [
      'it exports nothing',
      () => 'export const run = 1',
      {},
      'command',
      /^the script cannot be run: it has no default export that is a function/,
    ],
    [
      'it ends its process',
      () => `export default () => process.exit(7)`,
      {},
      'command',
      /^the process of the script (?:exited|ended) with (?:exit )?code 7/,
    ],
    [
      'it ends its process as if all were well',
      () => `export default () => process.exit(0)`,
      {},
      'command',
      /^the process of the script ended before the script did: process\.exit does not belong in it$/,
    ],
    [
      'it waits for nothing before it begins',
      () => `await new Promise(() => undefined)
        export default () => undefined`,
      {},
      'command',
      /^the script cannot be run: an await outside of its function never ends$/,
    ],
    [
      'a step has no name',
      () => `export default ({ step }) => step(() => undefined)`,
      {},
      'body',
      /^TypeError: step takes a name and a function, such as step\('open', \(\) => page\.goto\(url\)\)$/,
    ],
    [
      'many steps failed with long errors of control characters',
      () => `export default async ({ step }) => {
          for (let count = 0; count < 60; count++)
            await step('step ' + count, () => { throw new Error('\\x01'.repeat(5000)) }).catch(() => undefined)
          throw new Error('the last')
        }`,
      {},
      'body',
      /: the last$/,
    ],
    [
      'Chromium crashes',
      () => `export default async ({ page, step, env }) => {
          await page.goto(env.SHOP)
          await step('crash', () => page.goto('chrome://crash'))
        }`,
      {},
      'command',
      /^step crash: Chromium has crashed$/,
    ],
    [
      'Chromium ends',
      () => `export default async ({ browser }) => {
          const session = await browser.newBrowserCDPSession()
          await session.send('Browser.crash').catch(() => undefined)
          await new Promise(() => undefined)
        }`,
      {},
      'command',
      /^Chromium has crashed$/,
    ],
  ])('says that %s', async (_name, script, keys, reason, message) => {
    const env = { SHOP: url, NOBODY: `http://127.0.0.1:${await freePort()}/` }
    const check = await checkOfScript(script(url), { env, ...keys })
    const { failure } = await probe(check)
    expect(failure).toEqual({ reason, message: expect.stringMatching(message) })
  })

  it('lets a script close the browser, which is not a crash', async () => {
    const script = `export default async ({ page, env, browser }) => {
      await page.goto(env.SHOP)
      await browser.close()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }`
    const check = await checkOfScript(script, { env: { SHOP: url } })
    expect((await probe(check)).failure).toBeUndefined()
  })

  it('keeps the variables of a script in no file while it runs', async () => {
    const script = `import { existsSync } from 'node:fs'
      export default () => { if (existsSync(process.env.HOME + '/job.json')) throw new Error('there') }`
    expect((await probe(await checkOfScript(script))).failure).toBeUndefined()
  })

  it('lets pages be errors where that is expected', async () => {
    const script = `export default ({ page, env }) => page.goto(env.SHOP + '/nothing')`
    const check = await checkOfScript(script, { env: { SHOP: url }, expect: { http_errors: true } })
    expect((await probe(check)).failure).toBeUndefined()
  })

  it('has a picture of what was wrong', async () => {
    const script = `export default async ({ page, env }) => {
      await page.goto(env.SHOP + '/noisy')
      throw new Error('look')
    }`
    const { browser } = await probe(await checkOfScript(script, { env: { SHOP: url } }))
    expect([...browser!.picture!.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff])
    expect(browser).toMatchObject({ firstError: 'it is broken' })
  })

  it.each([
    ['waits for a page without end', `await page.goto(env.SHOP + '/hang', { timeout: 0 })`, /^step it: /],
    [
      'never stops',
      `for (;;);`,
      /^(?:step it: )?no answer within \d+s while running the script: it was killed$/,
    ],
    [
      'stops the browser, which then hears nothing',
      `const { execFileSync } = await import('node:child_process')
      const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(process.pid)]).toString()
      for (const pid of children.trim().split(/\\s+/)) try { process.kill(Number(pid), 'SIGSTOP') } catch {}
      for (;;);`,
      /^(?:step it: )?no answer within \d+s while running the script: it was killed$/,
    ],
  ])('ends a script that %s, and leaves nothing behind', async (_name, body, message) => {
    const script = `export default ({ page, step, env }) => step('it', async () => { ${body} })`
    const check = await checkOfScript(script, { env: { SHOP: url } })
    // Long enough for the browser of a busy machine to start.
    const startedAt = performance.now()
    await probe(await checkOfScript('export default () => undefined', {}))
    const timeoutSeconds = Math.max(10, Math.ceil((4 * (performance.now() - startedAt)) / 1000))
    // Other tests may have their own browsers.
    const folder = await tempFolder()
    const { TMPDIR: before = '/tmp' } = process.env
    process.env['TMPDIR'] = folder
    const { failure } = await probe(check, { timeoutSeconds }).finally(() => {
      process.env['TMPDIR'] = before
    })
    expect(failure).toEqual({ reason: 'timeout', message: expect.stringMatching(message) })
    await waitFor('its processes have ended', () => processesWith(folder).length === 0)
    expect(readdirSync(folder)).toEqual([])
  })

  it('lets so many run at the same time, and others wait no longer than they may', async () => {
    const hangs = `export default () => new Promise(() => undefined)`
    const check = await checkOfScript(hangs)
    const prober = createBrowserProber({ maxRunning: 1 })
    const run = (timeoutSeconds: number): Promise<ProbeResult> =>
      runProbe(check, { timeoutSeconds, probers: { browser: () => Promise.resolve(prober) } })
    const [first, second] = await Promise.all([run(5), run(1)])
    expect(first.success).toBe(false)
    expect(second.failure).toEqual({
      reason: 'timeout',
      message: 'no answer within 1s while waiting for other scripts: at most 1 run at a time',
    })
  })
})

describe('browser, without what it needs', () => {
  it('says that there is no Chromium', async () => {
    const check = await checkOfScript('export default () => undefined')
    const { failure } = await probe(check, { env: { PATH: await tempFolder() } })
    expect(failure).toEqual({
      reason: 'command',
      message: expect.stringMatching(/^there is no Chromium on PATH: /),
    })
    const named = await checkOfScript('export default () => undefined', { chromium: '/nowhere/chromium' })
    expect((await probe(named)).failure?.message).toBe(
      'there is no program /nowhere/chromium that can be started: see chromium:',
    )
  })

  it('says that there is no playwright-core', async () => {
    const check = await checkOfScript('export default () => undefined')
    const { failure } = await probe(check, { near: [join(await tempFolder(), 'x.js')] })
    expect(failure).toEqual({
      reason: 'command',
      message: expect.stringMatching(/^there is no playwright-core: /),
    })
  })

  it('says that Chromium cannot be started', async () => {
    const { failure } = await probe(
      await checkOfScript('export default () => undefined', { chromium: '/bin/false' }),
    )
    expect(failure).toEqual({
      reason: 'command',
      message: expect.stringMatching(/^Chromium cannot be started: /),
    })
  })

  it.runIf(process.getuid?.() === 0)('says that the sandbox does not work as root', async () => {
    const { failure } = await probe(await checkOfScript('export default () => undefined', { sandbox: true }))
    expect(failure?.message).toMatch(/^the sandbox of Chromium does not work as root: /)
  })
})

describe('a target with browser:', () => {
  const secrets = { '/etc/probity/it.mjs': '' }

  it('does not show its variables', () => {
    const text = 'targets: [{ name: it, browser: it.mjs, env: { PASSWORD: "${KEY}" } }]'
    const { shown, instance, secrets: hidden } = parseTarget(text, { env: { KEY: 'key-7' }, secrets })
    expect(JSON.stringify(shown)).not.toContain('key-7')
    expect(hidden).toContain('key-7')
    expect(instance).toBe('it.mjs')
  })

  it.each([
    ['a script that is not there', 'browser: other.mjs', 'the file other.mjs cannot be read'],
    ['a script elsewhere', 'browser: ../it.mjs', 'is not in the folder of the configuration'],
    ['another language', 'browser: it.py', 'is not a script in JavaScript or TypeScript'],
    ['a program that is not a path', 'browser: it.mjs, chromium: firefox', 'is not an absolute path'],
    ['a variable that is not one', 'browser: it.mjs, env: { "a b": 1 }', 'environment variable name'],
  ])('is refused with %s', (_name, keys, words) => {
    expect(() => parse(`targets: [{ name: it, ${keys} }]`, { secrets })).toThrow(words)
  })
})
