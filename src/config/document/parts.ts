import type { z } from 'zod'
import { Decimal } from '../../lib/text/decimal.ts'
import { didYouMean } from '../../settings/values/closest.ts'
import type { Issues, Place } from '../../settings/issues.ts'
import type { Path } from '../../settings/path.ts'
import { ExpansionError, hasExpansion, type Expander } from '../../settings/secrets.ts'
import { kinds } from '../../checks/index.ts'
import type { CheckSchema, Report } from '../../checks/kind.ts'
import { seen } from '../../settings/values/value.ts'
import { narrowTo } from './narrow.ts'
import type { Settings } from './schema.ts'

export type Mapping = Readonly<Record<string, unknown>>

/** What one place of a file says about a target: `defaults:`, a module, or the target itself. */
export interface Part {
  /** As it was written; without what is wrong. */
  readonly written: Mapping
  /** As it was read; without what is wrong. */
  readonly settings: Settings
  /** Whether a key is there, right or wrong. */
  readonly has: (key: string) => boolean
  readonly report: Report
  /** Where it is in a file; absent where it is in none of ours. */
  readonly place?: Place
}

export interface Reading {
  readonly issues: Issues
  readonly expander: Expander
  /** The names that `notify:` may have. Default: any. */
  readonly channels?: readonly string[]
  /** Whether it is remembered where everything was written. Default: only while it is read. */
  readonly origins?: boolean
}

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Decimal)
}

/**
 * Expands and reads a value. What is wrong is reported and left out of the result, so that what is said about the rest
 * is found in the same run.
 */
export function read<T>(
  schema: z.ZodType<T>,
  written: unknown,
  place: Place,
  { issues, expander }: Reading,
  scripts: ReadonlySet<string | number> = noScripts,
): { readonly value: T | undefined; readonly sound: unknown } {
  const wrong: Path[] = []
  const expanded = expandTree(
    written,
    [],
    {
      expand: (text, path) =>
        path.length === 1 && scripts.has(path[0] ?? '') ? text : expander.expand(text).value,
    },
    (path, message) => {
      wrong.push(path)
      issues.add(place, path, 'value', message)
    },
  )
  const input = withoutKeys(expanded, wrong)
  const sound = narrowTo(schema, input).safeParse(input)
  if (sound.success) return { value: sound.data, sound: withoutKeys(written, wrong) }
  const first = schema.safeParse(input)
  if (first.success) return { value: first.data, sound: withoutKeys(written, wrong) }
  for (const issue of first.error.issues) {
    const places = issues.addZod(place, issue)
    wrong.push(...places)
  }
  const second = schema.safeParse(withoutKeys(expanded, wrong))
  return { value: second.data, sound: withoutKeys(written, wrong) }
}

const noScripts: ReadonlySet<string> = new Set()

/** The keys of a target whose text is for a shell, which expands `${` itself. */
const scriptKeys = new Set<string | number>(
  kinds.flatMap(
    ({ shellKeys = [] }: Pick<CheckSchema<never, never, never, never>, 'shellKeys'>) => shellKeys,
  ),
)

/** Reads one part of a target. */
export function readPart(
  schema: z.ZodType<Settings>,
  written: unknown,
  place: Place,
  reading: Reading,
): Part {
  const { value, sound } = read(schema, written, place, reading, scriptKeys)
  checkChannels(value, written, place, reading)
  return {
    settings: value ?? {},
    written: value !== undefined && isMapping(sound) ? sound : {},
    has: (key) => isMapping(written) && Object.hasOwn(written, key),
    report: (path, message) => {
      reading.issues.add(place, path, 'value', message)
    },
    ...(reading.origins && { place }),
  }
}

/** Reports the channels of `notify:` that notify.yml does not have. */
export function checkChannels(
  settings: Pick<Settings, 'notify'> | undefined,
  written: unknown,
  place: Place,
  { issues, channels }: Reading,
): void {
  if (channels === undefined) return
  const isList = isMapping(written) && Array.isArray(written['notify'])
  for (const [index, name] of (settings?.notify ?? []).entries()) {
    if (channels.includes(name)) continue
    const message = `there is no channel ${seen} in notify.yml${didYouMean(name, channels)}`
    issues.add(place, isList ? ['notify', index] : ['notify'], 'value', message)
  }
}

function expandTree(
  written: unknown,
  path: Path,
  expander: { readonly expand: (text: string, path: Path) => string },
  onError: (path: Path, message: string) => void,
): unknown {
  if (typeof written === 'string') {
    if (!hasExpansion(written)) return written
    try {
      return expander.expand(written, path)
    } catch (error) {
      if (!(error instanceof ExpansionError)) throw error
      onError(path, error.message)
      return written
    }
  }
  if (typeof written !== 'object' || written === null || written instanceof Decimal) return written
  const entries = Object.entries(written).map(([key, item]): [string, unknown] => {
    const step = Array.isArray(written) ? Number(key) : key
    return [key, expandTree(item, [...path, step], expander, onError)]
  })
  // Most values have nothing to expand, and need no copy.
  const same = Object.values(written).every((item, index) => item === entries[index]?.[1])
  if (same) return written
  return Array.isArray(written) ? entries.map(([, item]) => item) : Object.fromEntries(entries)
}

/** The value without the keys at its top under which something is wrong. */
function withoutKeys(value: unknown, wrong: readonly Path[]): unknown {
  if (!isMapping(value) || wrong.length === 0) return value
  const names = new Set(wrong.map(([first]) => first))
  return Object.fromEntries(Object.entries(value).filter(([key]) => !names.has(key)))
}
