import type { z } from 'zod'
import { jsonOf, type JsonSchema } from '../../src/settings/values/value.ts'

/** A key of a file, as a table shows it. */
export interface Key {
  /** From the mapping that the table is of: `tls.verify`. */
  readonly path: string
  readonly text: string
  readonly default: string
}

/**
 * The keys of a shape and of the mappings below it. Lists and mappings with free keys have their own section.
 *
 * @param told Mappings whose keys the page has listed already: they are not listed twice. Added to.
 */
export function keysOf(shape: z.ZodRawShape, told = new Set<string>()): Key[] {
  return Object.entries(shape).flatMap(([name, schema]) => keysBelow(name, jsonOf(schema as z.ZodType), told))
}

function keysBelow(path: string, json: JsonSchema, told: Set<string>): Key[] {
  const mapping = [json, ...(json.anyOf ?? [])].find(({ properties }) => properties !== undefined)
  const known = JSON.stringify(mapping?.properties ?? {})
  const below = told.has(known) ? [] : (Object.entries(mapping?.properties ?? {}) as [string, JsonSchema][])
  told.add(known)
  return [
    { path, ...said(json.description ?? '') },
    ...below.flatMap(([name, each]) => keysBelow(`${path}.${name}`, each, told)),
  ]
}

/**
 * The keys of one level alone, without those below them.
 *
 * @param path The mapping that they are in, or the list of mappings: `tls`, `expect.answer`. Default: the shape itself.
 */
export function keysAt(shape: z.ZodRawShape, path: readonly string[] = []): Key[] {
  const entries = Object.entries(shape).map(([name, schema]) => [name, jsonOf(schema as z.ZodType)] as const)
  let level = Object.fromEntries(entries)
  for (const name of path) level = propertiesOf(level[name] ?? {})
  return Object.entries(level).map(([name, { description = '' }]) => ({ path: name, ...said(description) }))
}

function propertiesOf(json: JsonSchema): Record<string, JsonSchema> {
  const alternatives = [json, ...(json.anyOf ?? [])].flatMap((one) => [one, one.items ?? {}] as JsonSchema[])
  return (alternatives.find(({ properties }) => properties !== undefined)?.properties ?? {}) as Record<string, JsonSchema>
}

/** A description ends with its default, where there is one. */
function said(description: string): Pick<Key, 'text' | 'default'> {
  const [, text = '', given = ''] = /^(.*?)(?: ?Default: (.*?)\.)?$/s.exec(description) ?? []
  return { text: text.trim(), default: given }
}

/** A table of keys. */
export function keyTable(keys: readonly Key[]): string {
  const rows = keys.map(({ path, default: given, text }) => `| \`${path}\` | ${cell(given)} | ${cell(text)} |`)
  return ['| key | default | what it says |', '|---|---|---|', ...rows].join('\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}
