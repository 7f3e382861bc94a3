import { Environment } from '@marcbachmann/cel-js'
import { memoize } from '../../../settings/values/memo.ts'
import { messageOf } from '../../../lib/errors.ts'
import { oneLine } from '../../../lib/text/text.ts'
import { regexOf } from './captured.ts'

/** A condition of the Common Expression Language, over the variable `body`. */
export interface CelRule {
  readonly expression: string
  /** Whether it must be true, or false. */
  readonly holds: boolean
}

/** A part of a parsed expression, as the library has it. */
interface Node {
  readonly op: string
  readonly args: unknown
}

/** What `matches` is called inside: the library's own takes regexes of JavaScript, which can take forever. */
const linearMatches = 'matchesInLinearTime'

const environment = new Environment({ limits: { maxAstNodes: 2000, maxDepth: 50 } })
  .registerVariable('body', 'dyn')
  .registerFunction(`string.${linearMatches}(string): bool`, (text: string, pattern: string) =>
    regexOf(pattern).test(text),
  )

const compiled = memoize((expression) => {
  const program = environment.parse(expression)
  renameMatches(program.ast)
  return program
})

function renameMatches(part: unknown): void {
  if (Array.isArray(part)) part.forEach(renameMatches)
  else if (isNode(part)) {
    const { op, args } = part
    if (op === 'rcall' && Array.isArray(args) && args[0] === 'matches') args[0] = linearMatches
    renameMatches(args)
  }
}

function isNode(part: unknown): part is Node {
  return typeof part === 'object' && part !== null && 'op' in part && 'args' in part
}

/** What is wrong with an expression; nothing where it can be evaluated to true or false. */
export function celProblem(expression: string): string | undefined {
  try {
    const { valid, type, error } = compiled(expression).check()
    if (!valid) return firstLine(error)
    return type === 'bool' || type === 'dyn' ? undefined : `its value has the type ${String(type)}, not bool`
  } catch (error) {
    return firstLine(error)
  }
}

/**
 * Judges a document. How long that takes depends on the expression and on the document: it belongs into a thread that can be ended.
 *
 * @param document As `JSON.parse` has it: every number is a double, as in blackbox_exporter.
 * @returns In what it is not as expected.
 */
export function judgeCel(document: unknown, { expression, holds }: CelRule): string | undefined {
  const words = `expected the CEL expression "${oneLine(expression).slice(0, 200)}" to be ${String(holds)}`
  try {
    const found: unknown = compiled(expression)({ body: document })
    if (found === holds) return undefined
    return typeof found === 'boolean' ? `${words}, got ${String(found)}` : `${words}, got something else`
  } catch (error) {
    return `${words}, but it cannot be evaluated: ${firstLine(error)}`
  }
}

/** Messages of the library show the expression in further lines. */
function firstLine(error: unknown): string {
  return messageOf(error).split('\n', 1)[0]?.slice(0, 200) ?? ''
}
