import { readPattern } from '../../settings/values/scalars.ts'
import type { Position } from '../../settings/yaml/yaml.ts'

/** What is expected of one method of an API: one `method` of an expectation file. */
export interface MethodExpectation extends Position {
  /** Such as `stripe.Charge.create`. */
  readonly name: string
  /** Seconds. */
  readonly maxLatency?: number
  /** 0 to 1. */
  readonly maxErrorRatio?: number
}

/** A fault of an expectation file. */
export interface ExpectationProblem extends Position {
  readonly message: string
}

export interface ExpectationFile {
  /** In file order; without those that are faulty. */
  readonly methods: readonly MethodExpectation[]
  readonly problems: readonly ExpectationProblem[]
}

interface Token extends Position {
  readonly text: string
  readonly type: 'word' | 'sign' | 'end'
}

/** What a limit may be called, and how its value is read. */
const limits = {
  latency: { sets: 'maxLatency', read: readLatency },
  max_latency: { sets: 'maxLatency', read: readLatency },
  max_error_rate: { sets: 'maxErrorRatio', read: readErrorRate },
} as const

const secondsOf: Readonly<Record<string, number>> = { us: 1e-6, ms: 1e-3, s: 1 }

/** A number may end with a point only where digits follow. */
const amount = /^(\d+(?:\.\d+)?)(us|ms|s|%)$/
const dottedName = /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*$/

class Unexpected extends Error {
  override name = 'Unexpected'
  readonly at: Position

  constructor(at: Position, message: string) {
    super(message)
    this.at = at
  }
}

/**
 * Reads an expectation file (`*.mm`), the format of Mintaro:
 *
 *     method stripe.Charge.create(String currency) {
 *       max_latency = 100ms    # or latency
 *       max_error_rate = 1%    // of the calls
 *     }
 *
 * After a fault it goes on with the next `method`, so that all faults are found in one run.
 */
export function parseExpectations(text: string): ExpectationFile {
  const tokens = tokenize(text)
  const methods: MethodExpectation[] = []
  const problems: ExpectationProblem[] = []
  let next = 0

  const peek = (): Token => tokens[next] as Token
  const take = (): Token => {
    const token = peek()
    if (token.type !== 'end') next++
    return token
  }
  const expect = (text: string, where: string): Token => {
    if (peek().text !== text) throw new Unexpected(peek(), `expected ${text} ${where}, got ${shown(peek())}`)
    return take()
  }

  function method(): MethodExpectation {
    const { line, column } = expect('method', 'or the end of the file')
    const name = take()
    if (!dottedName.test(name.text)) {
      throw new Unexpected(
        name,
        `expected the name of a method, such as stripe.Charge.create, got ${shown(name)}`,
      )
    }
    expect('(', `after method ${name.text}`)
    while (peek().text !== ')' && peek().text !== '{' && peek().type !== 'end') take()
    expect(')', 'after the parameters')
    expect('{', `after method ${name.text}()`)
    const found: { maxLatency?: number; maxErrorRatio?: number } = {}
    while (peek().text !== '}') {
      const key = take()
      const limit = Object.hasOwn(limits, key.text) ? limits[key.text as keyof typeof limits] : undefined
      if (limit === undefined)
        throw new Unexpected(key, `expected max_latency, max_error_rate or }, got ${shown(key)}`)
      if (found[limit.sets] !== undefined) throw new Unexpected(key, `${key.text} is already set`)
      expect('=', `after ${key.text}`)
      const read = limit.read(peek())
      found[limit.sets] = read
      take()
    }
    take()
    return { name: name.text, line, column, ...found }
  }

  while (peek().type !== 'end') {
    try {
      methods.push(method())
    } catch (error) {
      if (!(error instanceof Unexpected)) throw error
      problems.push({ line: error.at.line, column: error.at.column, message: error.message })
      if (peek().text === 'method' && peek().type === 'word') take()
      while (peek().type !== 'end' && peek().text !== 'method') take()
    }
  }
  return { methods, problems }
}

/** A regex that the name of a method, and nothing else, matches. */
export function exactly(name: string): ReturnType<typeof readPattern> {
  return readPattern(`^${name.replace(/[.$]/g, '\\$&')}$`)
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  for (const [index, content] of text.split(/\r\n|\r|\n/).entries()) {
    const line = index + 1
    // A sign, a comment, or a word: whatever stands between signs, white space and comments.
    for (const match of content.matchAll(/#.*|\/\/.*|[(){}=,]|(?:(?!\/\/)[^\s#(){}=,])+/g)) {
      const [found] = match
      if (found.startsWith('#') || found.startsWith('//')) continue
      const type = /^[(){}=,]$/.test(found) ? 'sign' : 'word'
      tokens.push({ text: found.replace(/^\uFEFF/, ''), type, line, column: match.index + 1 })
    }
  }
  const last = text.split(/\r\n|\r|\n/)
  return [
    ...tokens.filter(({ text: word }) => word !== ''),
    { text: '', type: 'end', line: last.length, column: (last.at(-1)?.length ?? 0) + 1 },
  ]
}

function readLatency(token: Token): number {
  const [, number, unit = ''] = amount.exec(token.text) ?? []
  const seconds = Number(number) * (secondsOf[unit] ?? NaN)
  // A factor of ten to a negative power leaves a dust of digits behind.
  if (seconds > 0 && seconds <= 86_400) return Number(seconds.toPrecision(12))
  throw new Unexpected(token, `expected a duration, such as 100ms, 250us or 2s, got ${shown(token)}`)
}

function readErrorRate(token: Token): number {
  const [, number, unit] = amount.exec(token.text) ?? []
  const percent = unit === '%' ? Number(number) : NaN
  if (percent <= 100) return Number(`${percent}e-2`)
  throw new Unexpected(token, `expected a share, such as 1% or 0.5%, got ${shown(token)}`)
}

function shown({ text, type }: Token): string {
  return type === 'end' ? 'the end of the file' : JSON.stringify(text.slice(0, 60))
}
