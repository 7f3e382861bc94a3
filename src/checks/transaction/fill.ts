import type { Auth } from '../http/settings/auth.ts'
import { targetAsWritten } from '../http/as-written.ts'
import type { HttpCheck } from '../http/schema.ts'
import type { Position, Template } from './settings/template.ts'
import type { TransactionStep } from './schema.ts'
import { html } from '../../lib/text/html.ts'
import { ProbeFailure } from '../../net/failure.ts'

/** The values of variables by their names. */
export type Values = ReadonlyMap<string, string>

/** Writes a value so that it stays what it is; undefined where it cannot stand there at all. */
type Write = (value: string) => string | undefined

const urlPart: Write = (value) => encodeURIComponent(value.toWellFormed())
const jsonText: Write = (value) => JSON.stringify(value).slice(1, -1)

/** A line break would begin another header. */
const headerText: Write = (value) => (/^[\t\x20-\x7e\x80-\xff]*$/.test(value) ? value : undefined)

/**
 * What is a number, or true or false, where it stands outside of quotes; anything else brings its quotes. An exponent needs a
 * point or a sign: `12e34567` is rather the beginning of a commit.
 */
const jsonScalar = /^-?(?:0|[1-9]\d*)(?:\.\d+(?:[eE][+-]?\d+)?|[eE][+-]\d+)?$|^(?:true|false)$/

const writers: Readonly<Record<Position, Write>> = {
  url: urlPart,
  header: headerText,
  token: (value) => (/^[\x21-\x7e]+$/.test(value) ? value : undefined),
  text: (value) => value,
  form: (value) => urlPart(value)?.replaceAll('%20', '+'),
  json: (value) => (jsonScalar.test(value) ? value : JSON.stringify(value)),
  'json-string': jsonText,
  xml: (value) => html`${value}`.markup,
}

function fill(template: Template, values: Values): string {
  return template
    .map((part) => {
      if (typeof part === 'string') return part
      const { name, position } = part
      const value = values.get(name)
      const written = value === undefined ? undefined : writers[position](value)
      if (written !== undefined) return written
      throw new ProbeFailure(
        'protocol',
        `the value of ${name} contains a character that cannot be sent there`,
      )
    })
    .join('')
}

/**
 * Puts the values of its variables into the request of a step.
 *
 * @throws ProbeFailure `protocol` where a value cannot stand in its place.
 */
export function fillRequest({ check, templates }: TransactionStep, values: Values): HttpCheck {
  const { url, headers, body, auth } = templates
  const filled = Object.entries(headers).map(([name, template]) => [name, fill(template, values)] as const)
  const { target, ...rest } = check
  return {
    ...rest,
    ...(url ? fillUrl(check.url, url, values) : { url: check.url, ...(target !== undefined && { target }) }),
    headers: { ...check.headers, ...Object.fromEntries(filled) },
    ...(body && { body: fill(body, values) }),
    ...(check.auth && { auth: fillAuth(check.auth, auth, values) }),
  }
}

function fillUrl({ origin }: URL, template: Template, values: Values): Pick<HttpCheck, 'url' | 'target'> {
  const filled = fill(template, values)
  const written = template.map((part) => (typeof part === 'string' ? part : 'x')).join('')
  if (dotSegments(filled) !== dotSegments(written)) {
    throw new ProbeFailure('protocol', 'the value of a variable would lead to another path')
  }
  const target = targetAsWritten(origin + filled)
  return { url: new URL(origin + filled), ...(target !== undefined && { target }) }
}

/** How many segments of a path are dots, which lead to other paths however they are encoded. */
function dotSegments(text: string): number {
  const [path = ''] = text.split(/[?#]/)
  return path.split('/').filter((segment) => /^(?:\.|%2e){1,2}$/i.test(segment)).length
}

function fillAuth(auth: Auth, templates: Readonly<Record<string, Template>>, values: Values): Auth {
  const entries = Object.entries(templates).map(([field, template]) => [field, fill(template, values)])
  // As long as nothing changes, the tokens that are remembered for these credentials stay so.
  return entries.length === 0 ? auth : ({ ...auth, ...Object.fromEntries(entries) } as Auth)
}
