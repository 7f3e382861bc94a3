import { z } from 'zod'
import { didYouMean } from '../../settings/values/closest.ts'
import type { InsertionsOf } from '../../settings/insertions.ts'
import { mergeSettings } from '../../settings/merge.ts'
import { durationUpTo, flag } from '../../settings/values/scalars.ts'
import type { Expanded } from '../../settings/secrets.ts'
import { asText, keys, kindOf, mapping, seen, value, ValueError } from '../../settings/values/value.ts'
import { httpSchema, type HttpCheck } from '../http/schema.ts'
import { concealHttp } from '../http/settings/secrets.ts'
import { readUrl } from '../http/settings/values.ts'
import type { CheckSchema, Concealed, Given, PathOf, ReadText, Report } from '../kind.ts'
import { captureRule, type CaptureRule } from './settings/capture.ts'
import { checkVariable, malformed, variablesOf } from './settings/template.ts'
import { placesOf, templatesOf, type RequestTemplates } from './settings/request.ts'

/** One request of a transaction. */
export interface TransactionStep {
  readonly name: string
  /** Whether it is made whatever failed before it. */
  readonly always: boolean
  /** Seconds that it may take. Absent: what is left of the target's timeout. */
  readonly timeout?: number
  /** The request, with its variables as they are written, and what is expected of its answer. */
  readonly check: HttpCheck
  /** What of the request has variables. */
  readonly templates: RequestTemplates
  /** The variables that the request has, each once. */
  readonly needs: readonly string[]
  /** By the name of the variable. */
  readonly captures: readonly { readonly variable: string; readonly rule: CaptureRule }[]
}

/** Several requests, one after the other; the target works when each is answered as expected. */
export interface TransactionCheck {
  readonly kind: 'transaction'
  readonly steps: readonly TransactionStep[]
}

/** They become labels. */
const maxSteps = 50

function readStepName(input: unknown): string {
  const name = asText(input)
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/.test(name)) return name
  throw new ValueError(`${seen} is not a valid step name: only letters, digits and _.-, at most 64 of them`)
}

/** A URL whose path and query may have variables: another host would be asked with this one's credentials. */
function readUrlTemplate(input: unknown): {
  readonly url: URL
  readonly text: string
  readonly pathStart: number
} {
  const text = asText(input)
  // Else it would be the blank that makes it no URL.
  if (/\{\{\s*\w*\s/.test(text)) throw new ValueError(malformed)
  const url = readUrl(text)
  const [authority = ''] = /^[^:]+:\/\/[^/?#]*/.exec(text) ?? []
  if (authority.includes('{{')) {
    throw new ValueError('a variable is allowed only in the path and the query: write the host out')
  }
  return { url, text, pathStart: authority.length }
}

/** What a step may have besides its own keys, and what it inherits. */
const httpShape = z.object(httpSchema.shape).omit({ url: true }).shape

const step = keys({
  name: value(readStepName, {
    type: 'string',
    description: 'Unique within the target; becomes the label `step`.',
  }),
  url: value(readUrlTemplate, {
    type: 'string',
    pattern: '^([hH][tT][tT][pP][sS]?://|.*\\$\\{)',
    description: 'The http or https URL to request; `{{name}}` stands for a variable.',
  }),
  timeout: durationUpTo(86_400, '1d')
    .optional()
    .describe("Timeout of this step. Default: what is left of the target's."),
  always: flag
    .optional()
    .describe('Whether this step runs even after a failure, because it cleans up. Default: `false`.'),
  capture: mapping(checkVariable, captureRule, {
    description: 'Variables, and where in the response their values are.',
  }).optional(),
  ...httpShape,
  expect: keys(httpSchema.expectShape).optional().describe('What is expected of the response of this step.'),
})

type StepSettings = z.output<typeof step>

const steps = z
  .array(step, { error: (issue) => `expected a list of steps, got ${kindOf(issue.input)}` })
  .min(1, 'is an empty list: expected at least one step')
  .max(maxSteps, `has too many steps: expected at most ${maxSteps}`)
  .superRefine((all, context) => {
    for (const [index, { name }] of all.entries()) {
      if (all.findIndex((other) => other.name === name) === index) continue
      context.addIssue({
        code: 'custom',
        message: 'a step with this name already exists',
        path: [index, 'name'],
      })
    }
  })

const shape = { steps: steps.optional().describe('Requests, one after the other; at most 50.'), ...httpShape }

type HttpSettings = Parameters<typeof httpSchema.toCheck>[0]
type TransactionSettings = Omit<HttpSettings, 'url'> & Given<{ steps?: StepSettings[] | undefined }, 'steps'>

const inherited = new Set([...Object.keys(httpShape), 'expect'])

function toCheck(
  settings: TransactionSettings,
  report: Report,
  insertionsOf: InsertionsOf,
  readText: ReadText,
  pathOf: PathOf,
): TransactionCheck {
  const base = Object.fromEntries(Object.entries(settings).filter(([key]) => inherited.has(key)))
  const known = new Set<string>()
  return {
    kind: 'transaction',
    steps: settings.steps.map((written, index) => {
      const reportStep: Report = (path, message) => {
        const own = path[0] !== undefined && path[0] in written
        report(own ? ['steps', index, ...path] : path, message)
      }
      const made = toStep(written, base, reportStep, insertionsOf, readText, pathOf)
      for (const [place, template] of placesOf(made.templates)) {
        const unknown = variablesOf(template).find((variable) => !known.has(variable))
        if (unknown === undefined) continue
        const hint = didYouMean(unknown, known)
        const own = place[0] !== undefined && place[0] in written
        const message = `no step before this one captures ${unknown}${hint}`
        report(['steps', index, ...(own ? place : [])], message)
      }
      for (const { variable } of made.captures) known.add(variable)
      return made
    }),
  }
}

function toStep(
  written: StepSettings,
  base: object,
  report: Report,
  insertionsOf: InsertionsOf,
  readText: ReadText,
  pathOf: PathOf,
): TransactionStep {
  const { name, url, timeout, always = false, capture = {}, ...request } = written
  // What the defaults give is there, and a step has no key of another kind.
  const settings = { ...mergeSettings<object>([base, request]), url: url.url } as HttpSettings
  const check = httpSchema.toCheck(settings, report, insertionsOf, readText, pathOf)
  const templates = templatesOf(check, url, report, insertionsOf)
  return {
    name,
    always,
    ...(timeout !== undefined && { timeout }),
    check,
    templates,
    needs: [...new Set(placesOf(templates).flatMap(([, template]) => variablesOf(template)))],
    captures: Object.entries(capture).map(([variable, rule]) => ({ variable, rule })),
  }
}

type Written = Readonly<Record<string, unknown>>

/** Its first step stands for its address. */
function conceal(written: Written, expand: (text: string) => Expanded): Concealed {
  const list: readonly unknown[] = Array.isArray(written['steps']) ? written['steps'] : []
  const concealed = list
    .filter((item): item is Written => typeof item === 'object' && item !== null)
    .map((item) => concealHttp(item, expand))
  const [first] = list as readonly Written[]
  const { shown, secrets } = concealHttp({ ...written, url: first?.['url'] }, expand)
  const all = new Set([...secrets, ...concealed.flatMap((one) => one.secrets)])
  return {
    instance: concealed[0]?.instance ?? '',
    shown: { ...withoutUrl(shown), steps: concealed.map((one) => one.shown) },
    // The name of a variable gives nothing away.
    secrets: [...all].filter((secret) => secret.replace(/\{\{\w+\}\}/g, '') !== ''),
  }
}

function withoutUrl(written: Written): Written {
  return Object.fromEntries(Object.entries(written).filter(([key]) => key !== 'url'))
}

export const transactionSchema: CheckSchema<
  typeof shape,
  typeof httpSchema.expectShape,
  TransactionSettings,
  TransactionCheck
> = {
  key: 'steps',
  shape,
  expectShape: httpSchema.expectShape,
  defaults: httpSchema.defaults,
  toCheck,
  conceal,
}
