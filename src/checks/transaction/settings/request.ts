import type { InsertionsOf } from '../../../settings/insertions.ts'
import type { Path } from '../../../settings/path.ts'
import type { Insertion } from '../../../settings/secrets.ts'
import { ValueError } from '../../../settings/values/value.ts'
import type { Auth } from '../../http/settings/auth.ts'
import type { HttpCheck } from '../../http/schema.ts'
import type { Report } from '../../kind.ts'
import { parseBody, parseTemplate, variablesOf, type Position, type Template } from './template.ts'

/** Those parts of a request that are not sent as they stand in its check. */
export interface RequestTemplates {
  /** From the path on. */
  readonly url?: Template
  /** By the name as it is written. */
  readonly headers: Readonly<Record<string, Template>>
  readonly body?: Template
  /** By the field of the credentials. */
  readonly auth: Readonly<Record<string, Template>>
}

/**
 * Finds the variables of a request.
 *
 * @param url The address as it is written, and where what follows its host begins.
 */
export function templatesOf(
  check: HttpCheck,
  url: { readonly text: string; readonly pathStart: number },
  report: Report,
  insertionsOf: InsertionsOf,
): RequestTemplates {
  const read = (path: Path, text: string, parse: (text: string) => Template): Template | undefined => {
    try {
      const template = parse(text)
      return template.length > 1 || template[0] !== text ? template : undefined
    } catch (error) {
      if (!(error instanceof ValueError)) throw error
      report(path, error.message)
      return undefined
    }
  }
  const readAll = (texts: Readonly<Record<string, string>>, place: (name: string) => Path, as: ByName) =>
    Object.fromEntries(
      Object.entries(texts).flatMap(([name, text]) => {
        const template =
          text === ''
            ? undefined
            : read(place(name), text, (it) => parseTemplate(it, as(name), insertionsOf(it)))
        return template ? [[name, template] as const] : []
      }),
    )
  const headers = readAll(
    check.headers,
    (name) => ['headers', name],
    () => 'header',
  )
  for (const name of Object.keys(headers)) {
    if (name.toLowerCase() === 'host') report(['headers', name], 'cannot have variables: write the host out')
  }
  const body =
    check.body === undefined || check.body === ''
      ? undefined
      : read(['body'], check.body, (text) => parseBody(text, mediaTypeOf(check), insertionsOf(text)))
  const path = read(['url'], url.text.slice(url.pathStart), (text) =>
    parseTemplate(text, 'url', shifted(insertionsOf(url.text), url.pathStart)),
  )
  return {
    ...(path && variablesOf(path).length > 0 && { url: path }),
    headers,
    ...(body && { body }),
    auth: readAll(
      credentialTexts(check.auth),
      () => ['auth'],
      (field) => (field === 'token' ? 'token' : 'text'),
    ),
  }
}

function shifted(insertions: readonly Insertion[], by: number): Insertion[] {
  return insertions.map(({ start, end }) => ({ start: start - by, end: end - by }))
}

type ByName = (name: string) => Position

function mediaTypeOf({ headers }: HttpCheck): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1]
}

/** Credentials that are sent as they are. Those that a token is asked for with do not concern a step. */
function credentialTexts(auth: Auth | undefined): Record<string, string> {
  if (auth?.type === 'bearer') return { token: auth.token }
  return auth?.type === 'basic' || auth?.type === 'digest'
    ? { username: auth.username, password: auth.password }
    : {}
}

/** Every template of a request, and where in the request it is. */
export function placesOf({ url, headers, body, auth }: RequestTemplates): [Path, Template][] {
  return [
    ...(url ? [[['url'], url] satisfies [Path, Template]] : []),
    ...Object.entries(headers).map(([name, template]): [Path, Template] => [['headers', name], template]),
    ...(body ? [[['body'], body] satisfies [Path, Template]] : []),
    ...Object.values(auth).map((template): [Path, Template] => [['auth'], template]),
  ]
}
