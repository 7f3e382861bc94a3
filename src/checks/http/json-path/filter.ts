import { compare, nothing } from './compare.ts'
import { lengthOf } from './length.ts'
import type { Comparable, FilterQuery, FunctionCall, Logical } from './syntax.ts'
import type { Walk } from './walk.ts'

/** Whether the expression of a filter holds for a value. */
export function holds(expression: Logical, value: unknown, walk: Walk): boolean {
  walk.steps.take()
  switch (expression.type) {
    case 'LogicalNotExpr':
      return !holds(expression.expression, value, walk)
    case 'LogicalAndExpr':
      return holds(expression.left, value, walk) && holds(expression.right, value, walk)
    case 'LogicalOrExpr':
      return holds(expression.left, value, walk) || holds(expression.right, value, walk)
    case 'ComparisonExpr': {
      const { left, right, op } = expression
      return compare(comparable(left, value, walk), comparable(right, value, walk), op, walk.steps)
    }
    case 'TestExpr': {
      const { expression: test } = expression
      if (test.type === 'FunctionExpr') return call(test, value, walk) === true
      return nodes(test, value, walk).length > 0
    }
  }
}

function comparable(side: Comparable, value: unknown, walk: Walk): unknown {
  if (side.type === 'Literal') return side.value
  if (side.type === 'FunctionExpr') return call(side, value, walk)
  return only(walk.follow(side.type === 'RelSingularQuery' ? value : walk.root, side.segments))
}

function nodes({ value: query }: FilterQuery, value: unknown, walk: Walk): unknown[] {
  return walk.follow(query.type === 'RelQuery' ? value : walk.root, query.segments)
}

/** The value of a list of one; any other list has none. */
function only(list: readonly unknown[]): unknown {
  return list.length === 1 ? list[0] : nothing
}

/** A call of a function; one that is not there, or has arguments of another type, is false. */
function call({ name, arguments: given }: FunctionCall, value: unknown, walk: Walk): unknown {
  const [argument] = given
  if (argument === undefined || given.length > 1) return false
  if (name === 'count' || name === 'value') {
    if (argument.type !== 'FilterQuery') return false
    const list = nodes(argument, value, walk)
    return name === 'count' ? list.length : only(list)
  }
  if (name !== 'length') return false
  switch (argument.type) {
    case 'Literal':
      return lengthOf(argument.value, walk.steps)
    case 'FilterQuery':
      return lengthOf(only(nodes(argument, value, walk)), walk.steps)
    case 'FunctionExpr': {
      const result = call(argument, value, walk)
      return result === nothing ? false : lengthOf(result, walk.steps)
    }
    default:
      // A condition is true or false, which have no length.
      return nothing
  }
}
