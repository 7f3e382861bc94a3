import { collectInserted, concealNamed } from '../http/settings/secrets.ts'
import type { Expanded } from '../../settings/secrets.ts'
import { asText, mapping, value, ValueError } from '../../settings/values/value.ts'

/** Reads text that an operating system takes. */
export function readPlain(input: unknown): string {
  const text = asText(input)
  if (text.trim() === '') throw new ValueError('is empty')
  if (text.includes('\0')) throw new ValueError('contains a NUL character')
  return text
}

function checkVariableName(name: string): void {
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new ValueError('is not a valid environment variable name')
}

function readVariable(input: unknown): string | null {
  if (input === null) return null
  const text = asText(input)
  if (text.includes('\0')) throw new ValueError('contains a NUL character')
  return text
}

/** The key for the environment of a program. */
export const variablesShape = {
  env: mapping(checkVariableName, value(readVariable, { type: ['string', 'null'] }), {
    description:
      'Environment variables: of a command in addition to those of Probity, of a script of `browser` all that it has. `~` removes an inherited one. Default: none.',
  }).optional(),
}

type Variables = Readonly<Record<string, string>>

/** Those that are set. */
export function variablesOf(env: Readonly<Record<string, string | null>> = {}): Variables {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== null),
  )
}

/** What may be shown of an `env:`; what is hidden is added to the secrets. */
export function concealVariables(
  env: unknown,
  expand: (text: string) => Expanded,
  secrets: Set<string>,
): { readonly env?: Readonly<Record<string, unknown>> } {
  if (env === undefined) return {}
  collectInserted([env], expand, secrets)
  const named = typeof env === 'object' && env !== null ? (env as Record<string, unknown>) : {}
  return { env: concealNamed(named, expand, secrets) }
}
