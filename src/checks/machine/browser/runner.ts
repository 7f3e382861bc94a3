/**
 * The program of a script: a process that starts the browser, runs the script, and writes down what came of it. The prober ends it,
 * with the browser, when its time is over.
 */
import childProcess from 'node:child_process'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as Playwright from 'playwright-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import {
  files,
  maxErrors,
  maxMessage,
  maxStepName,
  maxSteps,
  type Job,
  type Report,
  type Trouble,
} from './job.ts'

/** What a script exports. */
type Script = (tools: {
  readonly page: Page
  readonly context: BrowserContext
  readonly browser: Browser
  readonly env: Readonly<Record<string, string>>
  /** Measures a part of the script. */
  readonly step: <T>(name: string, work: () => T | Promise<T>) => Promise<T>
}) => unknown

/** Milliseconds that are waited for a picture, for the browser to end, and for the news that it has crashed. */
const pictureMs = 3000
const endMs = 1000
const crashMs = 300

const folder = process.argv[2] ?? '.'
const job = JSON.parse(readFileSync(join(folder, files.job), 'utf8')) as Job
// It has secrets, and would outlive a process that is killed.
rmSync(join(folder, files.job))
const steps: Report['steps'][number][] = []
const httpErrors: string[] = []
const consoleErrors: string[] = []
let consoleErrorCount = 0
let began = performance.now()
let running: string | undefined
let trouble: Report['trouble']

function fail(what: Trouble, error: unknown): void {
  trouble ??= { what, message: words(error), ...(running !== undefined && { step: running }) }
}

function words(error: unknown): string {
  const text =
    error instanceof Error
      ? `${error.name === 'Error' ? '' : `${error.name}: `}${error.message}`
      : String(error)
  return text.slice(0, maxMessage)
}

/** Scripts are seldom checked for types. */
function refuseOther(name: unknown, work: unknown): void {
  if (typeof name !== 'string' || name === '' || typeof work !== 'function')
    throw new TypeError("step takes a name and a function, such as step('open', () => page.goto(url))")
}

async function step<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  refuseOther(name, work)
  const before = running
  const shown = name.slice(0, maxStepName)
  const start = performance.now()
  const ended = (error?: unknown): void => {
    const seconds = (performance.now() - start) / 1000
    if (steps.length < maxSteps && !steps.some((each) => each.name === shown))
      steps.push({ name: shown, seconds, ...(error !== undefined && { error: words(error) }) })
  }
  running = shown
  writeFileSync(join(folder, files.step), shown)
  try {
    const made = await work()
    ended()
    running = before
    return made
  } catch (error) {
    // The step that failed is still the one that runs when the error is written down.
    ended(error)
    throw error
  }
}

/** The script, and what is wrong with it if it cannot be run. */
async function loadScript(): Promise<Script | undefined> {
  try {
    const { default: script } = (await import(pathToFileURL(job.script).href)) as { default?: unknown }
    if (typeof script === 'function') return script as Script
    fail(
      'script',
      new Error('it has no default export that is a function: export default async ({ page }) => { … }'),
    )
  } catch (error) {
    fail('script', error)
  }
  return undefined
}

/** Playwright starts the browser in another group of processes. In ours it ends with us, whatever becomes of us. */
function keepInGroup(): void {
  const { spawn } = childProcess
  const inGroup = (command: string, args: readonly string[], options: childProcess.SpawnOptions) =>
    spawn(command, args, { ...options, detached: false })
  childProcess.spawn = inGroup as typeof spawn
}

async function launch(): Promise<Browser | undefined> {
  keepInGroup()
  try {
    const { chromium } = createRequire(import.meta.url)(job.playwright) as typeof Playwright
    return await chromium.launch({
      executablePath: job.program,
      chromiumSandbox: job.sandbox,
      env: { ...job.browserEnv },
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      timeout: job.scriptMs,
      // It speaks with the pages of the script alone, and its memory is bounded where it can be.
      args: [
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-dev-shm-usage',
        '--js-flags=--max-old-space-size=512',
      ],
    })
  } catch (error) {
    fail('browser', error)
    return undefined
  }
}

function listen(context: BrowserContext): void {
  const complain = (text: string): void => {
    consoleErrorCount++
    if (consoleErrors.length < maxErrors) consoleErrors.push(text.slice(0, maxMessage))
  }
  context.on('console', (message) => {
    // Browsers ask for it by themselves, and hardly any site misses it.
    if (message.type() === 'error' && !/\/favicon\.ico$/.test(message.location().url))
      complain(message.text())
  })
  context.on('weberror', (error) => {
    complain(words(error.error()))
  })
  context.on('response', (response) => {
    const request = response.request()
    if (!request.isNavigationRequest() || response.status() < 400) return
    if (request.frame().parentFrame() !== null || httpErrors.length >= maxErrors) return
    httpErrors.push(`${response.status()} from ${withoutQuery(response.url())}`)
  })
}

/** Queries may hold anything. */
function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '').slice(0, 300)
}

async function within<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined)
  })
  return Promise.race([work.catch(() => undefined), late]).finally(() => {
    clearTimeout(timer)
  })
}

async function run(script: Script, browser: Browser): Promise<void> {
  const leftMs = Math.max(1, job.scriptMs - performance.now())
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: false })
  listen(context)
  // Playwright says what it was waiting for: its words come first.
  context.setDefaultTimeout(Math.ceil(leftMs * 0.9))
  const page = await context.newPage()
  let isOver = false
  const crashed = new Promise<never>((_resolve, reject) => {
    const crash = (): void => {
      if (!isOver) reject(new Crash('Chromium has crashed'))
    }
    beforeClosing(browser, () => {
      browser.off('disconnected', crash)
    })
    browser.once('disconnected', crash)
    page.once('crash', crash)
  })
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => {
      reject(new Late('the script takes too long'))
    }, leftMs)
  })
  began = performance.now()
  const work = Promise.resolve().then(() => script({ page, context, browser, env: job.env, step }))
  try {
    await Promise.race([work, crashed, late])
  } catch (error) {
    // What a page says of its end comes before the news that it has crashed.
    const crash =
      error instanceof Late
        ? undefined
        : await within(
            crashed.catch((cause: unknown) => cause),
            crashMs,
          )
    fail(error instanceof Late ? 'timeout' : crash instanceof Crash ? 'browser' : 'page', crash ?? error)
  }
  isOver = true
  const seconds = (performance.now() - began) / 1000
  const last = context.pages().at(-1)
  if (last && browser.isConnected() && (trouble || httpErrors.length > 0 || consoleErrorCount > 0))
    await within(picture(last), pictureMs)
  report(seconds, last?.url())
}

/** Many scripts for Playwright end with it, and that is not a crash. */
function beforeClosing(browser: Browser, tell: () => void): void {
  const close = browser.close.bind(browser)
  browser.close = (options) => {
    tell()
    return close(options)
  }
}

class Late extends Error {}
class Crash extends Error {}

async function picture(page: Page): Promise<void> {
  const bytes = await page.screenshot({ type: 'jpeg', quality: 60, timeout: pictureMs })
  writeFileSync(join(folder, files.picture), bytes)
}

function report(seconds: number, url?: string): void {
  const made: Report = {
    steps,
    seconds,
    ...(trouble && { trouble }),
    httpErrors,
    consoleErrors,
    consoleErrorCount,
    ...(url !== undefined && /^https?:/.test(url) && { url: withoutQuery(url) }),
  }
  const draft = join(folder, `${files.report}.draft`)
  writeFileSync(draft, JSON.stringify(made))
  renameSync(draft, join(folder, files.report))
}

// What a script leaves to itself fails it, as everything does that it throws.
process.on('uncaughtException', (error) => {
  fail('page', error)
  report((performance.now() - began) / 1000)
  process.exit(0)
})

const script = await loadScript()
const browser = script && (await launch())
if (script && browser) {
  await run(script, browser)
  await within(browser.close(), endMs)
} else report(0)
// A script may have left timers behind.
process.exit(0)
