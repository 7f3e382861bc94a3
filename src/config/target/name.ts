import { asText, ValueError } from '../../settings/values/value.ts'

/**
 * Reads the name of a target.
 *
 * @throws ValueError
 */
export function readName(input: unknown): string {
  const name = asText(input)
  if (name === '' || name.trim() !== name || /\p{Cc}/u.test(name)) {
    throw new ValueError(
      'is not a valid name: expected text without spaces around it and without line breaks',
    )
  }
  return name
}
