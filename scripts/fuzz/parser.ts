import type fc from 'fast-check'
import { ProbityError } from '../../src/lib/errors.ts'
import { ConfigError } from '../../src/settings/errors.ts'

/** A parser that is fed with everything. */
export interface Parser {
  readonly name: string
  /** Inputs that are valid, which are changed. Text stands for its UTF-8. */
  readonly seeds: readonly (string | Uint8Array)[]
  /** Makes further valid inputs by the rules of the language. */
  readonly grammar?: fc.Arbitrary<string | Uint8Array>
  /** What has a meaning in the language, and is put in anywhere. */
  readonly tokens: readonly string[]
  /** The files whose branches are counted, from the root of the repository. */
  readonly sources: readonly string[]
  /**
   * Reads one input.
   *
   * @returns Whether it was valid.
   * @throws What must never be thrown: a fault of the parser. What it may refuse an input with is caught, and looked at.
   */
  readonly parse: (input: Buffer) => boolean | Promise<boolean>
}

/** What a parser does that it must not. */
class Fault extends Error {
  override name = 'Fault'
}

export function expectThat(holds: boolean, otherwise: string): void {
  if (!holds) throw new Fault(otherwise)
}

/** A message for a person: one or several lines, none of them empty, and none that only a programmer understands. */
export function expectWords(message: string): void {
  expectThat(message.trim() !== '', 'the message is empty')
  const internal =
    /\b(?:undefined|NaN|\[object \w+\]|Maximum call stack|Cannot read propert|is not a function|is not iterable)\b/
  // What the input says is quoted, and may say anything.
  expectThat(
    !internal.test(message.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')),
    `the message is internal: ${message}`,
  )
}

/** Reads a configuration. It may be refused with places and words. */
export async function configOf(read: () => unknown): Promise<boolean> {
  try {
    await read()
    return true
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    expectThat(error.issues.length > 0, 'it is refused without an issue')
    for (const { line, column, message } of error.issues) {
      expectThat(line > 0 && column > 0, `no place: ${message}`)
      expectThat(!message.includes('\n'), `a message of several lines: ${message}`)
      expectThat(message !== '', 'the message is empty')
    }
    return false
  }
}

/**
 * Reads something that may be refused with an error of its own kind.
 *
 * @param place What its message has to contain, as the place. Default: nothing.
 */
export async function refusable(
  read: () => unknown,
  kind: abstract new (...args: never[]) => Error = ProbityError,
  place = /(?:)/,
): Promise<boolean> {
  try {
    await read()
    return true
  } catch (error) {
    if (!(error instanceof kind)) throw error
    expectWords(error.message)
    expectThat(place.test(error.message), `no place: ${error.message}`)
    return false
  }
}
