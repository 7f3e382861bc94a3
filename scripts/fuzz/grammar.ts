import fc from 'fast-check'

/** Arbitraries that several languages share. */

export const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,9}$/)
export const host = fc
  .array(fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/), { minLength: 1, maxLength: 3 })
  .map((parts) => `${parts.join('.')}.example`)
export const path = fc
  .array(fc.stringMatching(/^[A-Za-z0-9_.~%20-]{1,8}$/), { maxLength: 4 })
  .map((parts) => `/${parts.join('/')}`)
export const duration = fc.oneof(
  fc.integer({ min: 1, max: 900 }).map((seconds) => `${seconds}s`),
  fc.integer({ min: 1, max: 90 }).map((minutes) => `${minutes}m`),
  fc.constantFrom('500ms', '1h30m', '1d', '2w'),
)

/** A mapping, as YAML or as JSON, some of whose keys are left out. */
export function mapping(
  keys: Readonly<Record<string, fc.Arbitrary<unknown>>>,
  required: readonly string[] = [],
): fc.Arbitrary<Record<string, unknown>> {
  return fc.record({ ...keys }, { requiredKeys: [...required] })
}

/** What may stand where something else is expected. */
const anything: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 1e300, '', 'off', '1h', '3', 'x'.repeat(200), 'constructor', '${NOPE}', '${'],
  ...[[], ['a'], [[]], {}, { a: 1 }, { __proto__: 1 }],
]

/**
 * JSON values, of which nearly half have something else in one place.
 *
 * @param words What has a meaning in the language. Default: nothing has.
 */
export function spoilt(values: fc.Arbitrary<unknown>, words: readonly unknown[] = []): fc.Arbitrary<unknown> {
  const instead = fc.constantFrom(...anything, ...words, ...words)
  const spoiling = fc.record({ at: fc.nat(), instead, asKey: fc.boolean() })
  return fc.tuple(values, fc.option(spoiling, { freq: 1 })).map(([value, how]) => {
    if (!how) return value
    let left = how.at % (placesIn(value) || 1)
    const replace = (old: unknown): unknown => {
      if (left-- === 0) return how.instead
      if (Array.isArray(old)) return old.map(replace)
      if (typeof old !== 'object' || old === null) return old
      return Object.fromEntries(
        Object.entries(old).map(([key, item]) =>
          left === 0 && how.asKey && typeof how.instead === 'string'
            ? (left--, [how.instead, item])
            : [key, replace(item)],
        ),
      )
    }
    return replace(value)
  })
}

function placesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1
  return 1 + Object.values(value).reduce<number>((sum, item) => sum + placesIn(item), 0)
}

export const asJson = (value: unknown): string => JSON.stringify(value)

/** Texts one after the other. */
export const joined = (parts: fc.Arbitrary<string>, by: string, most = 6): fc.Arbitrary<string> =>
  fc.array(parts, { minLength: 1, maxLength: most }).map((all) => all.join(by))
