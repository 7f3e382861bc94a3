import type { z } from 'zod'
import { scopes, type Scope } from '../../tokens/scopes.ts'
import { didYouMean } from '../../settings/values/closest.ts'
import { exampleNetworks, parseNetwork } from '../../settings/values/network.ts'
import { word } from '../../settings/values/scalars.ts'
import { asText, KeyError, mapping, oneOrMany, seen, value, ValueError } from '../../settings/values/value.ts'

/** Text that is not empty. */
export const text: z.ZodType<string> = value(
  (input) => {
    const read = asText(input)
    if (read.trim() === '') throw new ValueError('is empty')
    return read
  },
  { type: 'string' },
)

/** One of the keys of a table, by its value. */
export function rowOf<T>(table: Readonly<Record<string, T>>): (input: unknown) => T {
  return (input) => {
    const name = asText(input)
    const row = Object.hasOwn(table, name) ? table[name] : undefined
    if (row !== undefined) return row
    const names = Object.keys(table)
    const help = didYouMean(name, names)
    throw new ValueError(
      `${seen} is not supported${help === '' ? `: expected one such as ${names[0] ?? ''}` : help}`,
    )
  }
}

/** What the exporter-toolkit calls the ways to treat certificates of clients. */
export const clientAuth = word([
  'NoClientCert',
  'RequestClientCert',
  'RequireAnyClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
])

/** More takes longer than ten seconds for each login. */
const maxCost = 16

/** A password as bcrypt makes of it. The message never shows it. */
export const bcryptHash: z.ZodType<string> = value(
  (input) => {
    const hash = asText(input)
    const cost = Number(/^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash)?.[1])
    if (cost >= 4 && cost <= maxCost) return hash
    if (cost > maxCost)
      throw new ValueError(`a bcrypt cost of ${cost} is too high: expected at most ${maxCost}`)
    throw new ValueError('is not a bcrypt hash: make one with htpasswd -nBC 10 ""')
  },
  { type: 'string' },
)

/** The headers that the exporter-toolkit allows to be set. */
const headerNames = [
  'Content-Security-Policy',
  'Strict-Transport-Security',
  'X-Content-Type-Options',
  'X-Frame-Options',
  'X-XSS-Protection',
]

export const headers = mapping(
  (name) => {
    if (headerNames.includes(name)) return
    throw new KeyError(`this header cannot be set${didYouMean(name, headerNames)}`)
  },
  value(
    (input) => {
      const content = asText(input)
      if (/^[\t\x20-\x7e]*$/.test(content)) return content
      throw new ValueError('contains characters that are not allowed in a header')
    },
    { type: 'string' },
  ),
)

/** CIDRs. */
export const networks = oneOrMany(
  (input) => {
    const network = parseNetwork(asText(input))
    if (network === undefined)
      throw new ValueError(`${seen} is not a valid network: expected one such as ${exampleNetworks}`)
    return network
  },
  { type: 'string' },
)

/** What the members of groups may do; `*` is everybody. */
export const groupScopes = mapping(
  (name) => {
    if (name.trim() === '') throw new KeyError('is not a valid group')
  },
  oneOrMany(
    (input) => {
      const name = asText(input)
      if (Object.hasOwn(scopes, name)) return name as Scope
      throw new ValueError(`there is no scope ${seen}${didYouMean(name, Object.keys(scopes))}`)
    },
    { type: 'string' },
  ),
)
