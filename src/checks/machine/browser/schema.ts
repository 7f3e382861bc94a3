import type { z } from 'zod'
import { messageOf } from '../../../lib/errors.ts'
import type { Expanded } from '../../../settings/secrets.ts'
import { flag } from '../../../settings/values/scalars.ts'
import { asText, seen, value, ValueError } from '../../../settings/values/value.ts'
import type { CheckSchema, Concealed, Given, PathOf, Report } from '../../kind.ts'
import { concealVariables, readPlain, variablesOf, variablesShape } from '../variables.ts'

/** A script that drives a browser; the target is up when it ends without an error. */
export interface BrowserCheck {
  readonly kind: 'browser'
  /** The absolute path of the script. */
  readonly script: string
  /** All that the script gets of an environment. */
  readonly env: Readonly<Record<string, string>>
  /** The program of the browser. Absent: it is looked for on PATH. */
  readonly program?: string
  /** Whether Chromium keeps pages in its sandbox. */
  readonly sandbox: boolean
  readonly expect: {
    /** Whether pages may be answered with 400 or more. */
    readonly httpErrors: boolean
    /** Whether pages may log errors to the console. */
    readonly consoleErrors: boolean
  }
}

const example = 'expected one such as browser/login.mjs'

function readScript(input: unknown): string {
  const text = readPlain(input)
  if (!/\.(?:js|mjs|ts|mts)$/.test(text))
    throw new ValueError(`${seen} is not a script in JavaScript or TypeScript: ${example}`)
  return text
}

function readProgram(input: unknown): string | null {
  if (input === null) return null
  const text = asText(input)
  if (!text.startsWith('/') || text.includes('\0'))
    throw new ValueError(`${seen} is not an absolute path: expected one such as /usr/bin/chromium`)
  return text
}

const shape = {
  browser: value(readScript, {
    type: 'string',
    description: 'A script for Playwright, in the folder of the configuration.',
  }).optional(),
  chromium: value(readProgram, {
    type: ['string', 'null'],
    description:
      'The absolute path of Chromium or Chrome; `~` removes an inherited one. Default: `chromium`, `chromium-browser`, `google-chrome-stable` or `google-chrome`, as PATH has it.',
  }).optional(),
  sandbox: flag
    .optional()
    .describe(
      'Whether Chromium keeps pages in its sandbox. With `false`, a page that finds a fault in Chromium has the rights of Probity. Default: `true`.',
    ),
  ...variablesShape,
}

const expectShape = {
  http_errors: flag
    .optional()
    .describe('Whether pages that the script opens may have a status of 400 or more. Default: `false`.'),
  console_errors: flag.optional().describe('Whether pages may log errors to the console. Default: `true`.'),
}

type Parsed = { readonly [K in keyof typeof shape]: z.output<(typeof shape)[K]> }
type ParsedExpect = { readonly [K in keyof typeof expectShape]: z.output<(typeof expectShape)[K]> }
type BrowserSettings = Given<Parsed, 'browser' | 'sandbox'> &
  Pick<Parsed, 'chromium' | 'env'> & { readonly expect: Given<ParsedExpect, keyof ParsedExpect> }

function toCheck(
  { browser, chromium, sandbox, env, expect }: BrowserSettings,
  report: Report,
  _insertionsOf: unknown,
  _readText: unknown,
  pathOf: PathOf,
): BrowserCheck {
  return {
    kind: 'browser',
    script: scriptOf(browser, report, pathOf),
    env: variablesOf(env),
    ...(typeof chromium === 'string' && { program: chromium }),
    sandbox,
    expect: { httpErrors: expect.http_errors, consoleErrors: expect.console_errors },
  }
}

function scriptOf(file: string, report: Report, pathOf: PathOf): string {
  if (/ts$/.test(file) && !readsTypeScript)
    report(
      ['browser'],
      'is in TypeScript, which this version of Node.js does not run: it takes 22.18 or newer',
    )
  try {
    return pathOf(file)
  } catch (error) {
    report(['browser'], messageOf(error))
    return file
  }
}

const readsTypeScript = 'typescript' in process.features && Boolean(process.features.typescript)

/** The script stands for its address. */
function conceal(written: Readonly<Record<string, unknown>>, expand: (text: string) => Expanded): Concealed {
  const secrets = new Set<string>()
  const shown = { ...written, ...concealVariables(written['env'], expand, secrets) }
  secrets.delete('')
  return { instance: readScript(expand(String(written['browser'])).value), shown, secrets: [...secrets] }
}

export const browserSchema: CheckSchema<typeof shape, typeof expectShape, BrowserSettings, BrowserCheck> = {
  key: 'browser',
  local: true,
  shape,
  expectShape,
  // How long a script may take depends on what it does.
  defaults: { sandbox: true, expect: { http_errors: false, console_errors: true, max_latency: 'off' } },
  toCheck,
  conceal,
}
