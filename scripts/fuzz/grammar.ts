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

export const asJson = (value: unknown): string => JSON.stringify(value)

/** Texts one after the other. */
export const joined = (parts: fc.Arbitrary<string>, by: string, most = 6): fc.Arbitrary<string> =>
  fc.array(parts, { minLength: 1, maxLength: most }).map((all) => all.join(by))
