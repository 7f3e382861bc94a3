import type { z } from 'zod'
import { readNetwork } from '../../settings/values/network.ts'
import { durationUpTo } from '../../settings/values/scalars.ts'
import { maxTargets } from '../../settings/yaml/pieces.ts'
import { asText, keys, oneOrMany, seen, value, ValueError } from '../../settings/values/value.ts'
import { readName } from '../target/name.ts'
import { sourceKinds } from './kinds.ts'

/** Seconds. A source that is asked more often is not asked for what has changed, but whether. */
const shortestPoll = 5

/** It is also the name of a file. */
const moduleName = /^[a-z0-9][a-z0-9-]*$/

const ownShape = {
  name: value(readName, { type: 'string', minLength: 1 })
    .optional()
    .describe('What messages and metrics call the source. Default: its kind and address.'),
  poll: durationUpTo(86_400, '1d')
    .refine((seconds) => seconds >= shortestPoll, { message: `${seen} is too short: expected at least 5s` })
    .optional()
    .describe('Time between two requests, from `5s` to `1d`. Default: `60s`.'),
  limit: value(readLimit, { type: 'integer', minimum: 1, maximum: maxTargets })
    .optional()
    .describe('How many targets it may give; the rest is skipped. Default: `1000`.'),
  allow_networks: oneOrMany(readNetwork, { type: 'string' })
    .optional()
    .describe(
      `Networks of this machine, such as \`127.0.0.0/8\` or \`169.254.0.0/16\`, that its targets may reach: one or a list. Default: none.`,
    ),
}

const kindShape = Object.assign({}, ...sourceKinds.map(({ shape }) => shape)) as Readonly<
  Record<string, z.ZodType>
>

/** The keys of an entry that names a specification, which is read when the configuration is loaded. */
const specificationShape = {
  openapi: value(asText, { type: 'string' })
    .optional()
    .describe(
      'An OpenAPI specification (3.0 or 3.1), a file in the folder of targets.yml or an https URL: its operations become targets.',
    ),
  base_url: value(readBaseUrl, { type: 'string' })
    .optional()
    .describe('With `openapi`: the URL to which the paths of the specification are added.'),
  skip: oneOrMany(asText, { type: 'string' })
    .optional()
    .describe('With `openapi`: operations that become no targets, one or a list. Default: none.'),
}

/** An entry of `targets_from:` that names a specification, without its template. */
export const specificationSource = keys(specificationShape)

/** The keys of an entry that names modules of the library, which are read when the configuration is loaded. */
const libraryShape = {
  library: oneOrMany(readModuleName, { type: 'string', pattern: moduleName.source })
    .optional()
    .describe(
      'Modules of the library of vendors, such as `stripe`: one or a list. Their checks become targets.',
    ),
}

/** An entry of `targets_from:` that names modules of the library, without its template. */
export const librarySource = keys(libraryShape)

function readModuleName(input: unknown): string {
  const name = asText(input)
  if (!moduleName.test(name))
    throw new ValueError(`${seen} is not a valid name of a module: expected one such as stripe`)
  return name
}

function readBaseUrl(input: unknown): URL {
  const text = asText(input)
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol))
    throw new ValueError(`${seen} is not a valid URL: expected one such as https://api.example.com/v1`)
  if (url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '')
    throw new ValueError('the base of all paths has no query, no fragment and no credentials')
  return url
}

/** The keys of an entry of `targets_from:` except for the template, in the order of the documentation. */
export const sourceShape = { ...kindShape, ...specificationShape, ...libraryShape, ...ownShape }

/** An entry of `targets_from:` without its template. */
export const sourceSchema = keys(sourceShape)

function readLimit(input: unknown): number {
  const count = typeof input === 'string' && /^\d+$/.test(input) ? Number(input) : input
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 1 || count > maxTargets)
    throw new ValueError(`${seen} is not a valid number of targets: expected one from 1 to ${maxTargets}`)
  return count
}
