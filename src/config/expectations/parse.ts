import { limits } from 'probity-client/wire'
import { messageOf } from '../../lib/errors.ts'
import { didYouMean } from '../../settings/values/closest.ts'
import { readPattern } from '../../settings/values/scalars.ts'
import type { Position } from '../../settings/yaml/yaml.ts'
import { readName } from '../target/name.ts'
import { settings, type MethodSettings, type TakeIf } from './settings.ts'
import { isOneOf, shown, tokenize, Unexpected, type Token } from './tokens.ts'

/** What is expected of one method of an API: one `method` of an expectation file. */
export interface MethodExpectation extends Position, MethodSettings {
  /** Such as `stripe.Charge.create`. */
  readonly name: string
}

/** Something to say about a place of an expectation file. */
export interface ExpectationRemark extends Position {
  readonly message: string
}

export interface ExpectationFile {
  /** In file order; without those that are faulty. */
  readonly methods: readonly MethodExpectation[]
  readonly problems: readonly ExpectationRemark[]
  /** What is accepted, but means nothing here. */
  readonly notices: readonly ExpectationRemark[]
}

/** Letters of any alphabet; the separators of Java, C++, Ruby and PHP. */
const methodName = /^[\p{L}_$][\p{L}\p{N}_$]*(?:(?:\.|::|->)[\p{L}_$][\p{L}\p{N}_$]*)*$/u

/**
 * Reads an expectation file (`*.mm`), the format of Mintaro:
 *
 *     method stripe.Charge.create(String currency) {
 *       max_latency = 100ms    # or latency
 *       max_error_rate: 1%     // of the calls
 *     }
 *
 * After a fault it goes on with the next `method`, so that all faults are found in one run.
 */
export function parseExpectations(text: string): ExpectationFile {
  const parser = new Parser(tokenize(text))
  while (!parser.atEnd) parser.statement()
  return parser
}

class Parser implements ExpectationFile {
  readonly methods: MethodExpectation[] = []
  readonly problems: ExpectationRemark[] = []
  readonly notices: ExpectationRemark[] = []
  readonly #tokens: readonly Token[]
  #next = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  get atEnd(): boolean {
    return this.#peek().type === 'end'
  }

  /** Reads a method, or a line that is not one. */
  statement(): void {
    try {
      if (isOneOf(this.#peek(), 'token')) this.#token()
      else this.methods.push(this.#method())
    } catch (error) {
      if (!(error instanceof Unexpected)) throw error
      this.problems.push({ line: error.at.line, column: error.at.column, message: error.message })
      if (isOneOf(this.#peek(), 'method')) this.#take()
      this.#skipTo('method')
    }
  }

  /** `token=SECRET`: how Mintaro's agent logged in at its server. */
  #token(): void {
    const { line, column } = this.#take()
    // A secret may hold signs, and no message should quote it.
    while (
      this.#peek().line === line &&
      !this.atEnd &&
      !isOneOf(this.#peek(), 'method') &&
      !this.#isUnclosed()
    )
      this.#take()
    const message = 'token is not needed, because Probity has no account: you can remove the line'
    this.notices.push({ line, column, message })
  }

  #method(): MethodExpectation {
    const { line, column } = this.#keyword()
    const name = this.#take()
    checkName(name)
    const titled = `method ${name.text}`
    if (this.#takeSign('(')) {
      this.#skipTo(')', '{')
      this.#expect(')', 'after the parameters')
      // The type of the result, in some languages.
      if (this.#takeSign(':')) this.#skipTo('{', '}')
      this.#expect('{', `after ${titled}()`)
    } else {
      this.#expect('{', `after ${titled}`)
    }
    const found: MethodSettings = {}
    while (!this.#takeSign('}')) {
      Object.assign(found, this.#setting(found))
      this.#takeSign(',', ';')
    }
    return { name: name.text, line, column, ...found }
  }

  #keyword(): Token {
    const token = this.#peek()
    this.#expectClosed()
    if (isOneOf(token, 'method')) return this.#take()
    const hint = token.type === 'word' ? didYouMean(token.text, ['method']) : ''
    throw new Unexpected(token, `expected method or the end of the file, got ${shown(token)}${hint}`)
  }

  #isUnclosed(): boolean {
    return this.#peek().type === 'unclosed'
  }

  /** A comment that is never closed would otherwise hide every method behind it. */
  #expectClosed(): void {
    if (this.#isUnclosed()) throw new Unexpected(this.#peek(), 'the comment is not closed: expected */')
  }

  #setting(found: MethodSettings): MethodSettings {
    this.#expectClosed()
    const key = this.#take()
    const setting = Object.hasOwn(settings, key.text) ? settings[key.text] : undefined
    if (setting === undefined) {
      const known = Object.keys(settings)
      const expected = `expected ${known.slice(1).join(', ')} or }`
      throw new Unexpected(key, `${expected}, got ${shown(key)}${didYouMean(key.text, known)}`)
    }
    if (found[setting.sets] !== undefined) throw new Unexpected(key, `${key.text} is already set`)
    this.#separator(key.text)
    const value = this.#peek()
    // The brace of a method that ends too early is not a value, and is found again.
    if (!isOneOf(value, '}')) this.#take()
    return setting.read(value, this.#takeIf)
  }

  #skipTo(...signs: readonly string[]): void {
    while (!isOneOf(this.#peek(), ...signs) && !this.atEnd) this.#take()
  }

  #separator(key: string): void {
    if (!this.#takeSign('=', ':')) {
      throw new Unexpected(this.#peek(), `expected = after ${key}, got ${shown(this.#peek())}`)
    }
  }

  #expect(text: string, where: string): void {
    const token = this.#peek()
    if (!this.#takeSign(text)) {
      throw new Unexpected(token, `expected ${text} ${where}, got ${shown(token)}`)
    }
  }

  /** Takes the next token if it is one of these signs. */
  #takeSign(...signs: readonly string[]): boolean {
    return this.#takeIf((token) => isOneOf(token, ...signs)) !== undefined
  }

  readonly #takeIf: TakeIf = (wanted) => (wanted(this.#peek()) ? this.#take() : undefined)

  #peek(): Token {
    return this.#tokens[this.#next] as Token
  }

  /** The end is never passed. */
  #take(): Token {
    const token = this.#peek()
    if (token.type !== 'end') this.#next += 1
    return token
  }
}

/** @throws Unexpected Where no target can have the name, or no call. */
function checkName(token: Token): void {
  if (token.type !== 'text' && !methodName.test(token.text)) {
    const advice = token.type === 'word' ? '; write other names in quotation marks' : ''
    throw new Unexpected(
      token,
      `expected the name of a method, such as stripe.Charge.create, got ${shown(token)}${advice}`,
    )
  }
  try {
    readName(token.text)
  } catch (error) {
    throw new Unexpected(token, messageOf(error))
  }
  if (token.text.length > limits.operation) {
    throw new Unexpected(token, `is longer than the ${limits.operation} characters that a call can name`)
  }
}

/** A regex that the name of a method, and nothing else, matches. */
export function exactly(name: string): ReturnType<typeof readPattern> {
  return readPattern(`^${name.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)}$`)
}
