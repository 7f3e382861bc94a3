import type { Call } from 'probity-client/wire'
import type { CallTarget } from '../config/target/calls.ts'
import { compilePattern, type Test } from './pattern.ts'

/** What is looked at to find a call's target. */
export type Matchable = Pick<Call, 'method' | 'host' | 'path' | 'operation'>

/** Finds the target that a call is one of: the first in file order that matches. */
export type Matcher<T> = (call: Matchable) => T | undefined

interface Row<T> {
  readonly target: T
  readonly tests: Readonly<Record<'method' | 'host' | 'path' | 'operation', Test | undefined>>
}

/** Combinations of method, host and operation whose targets are remembered. Programs call few hosts, again and again. */
const maxRemembered = 5000

/** Characters of a path that are looked at. */
const maxPath = 2048

/**
 * Makes a matcher. What depends on method, host and operation is worked out once for each combination of them, so that for
 * nearly every call only the paths of a few targets are compared, however many targets there are.
 */
export function createMatcher<T extends Pick<CallTarget, 'match'>>(targets: readonly T[]): Matcher<T> {
  const rows = targets.map((target): Row<T> => {
    const { method, host, path, operation } = target.match
    return {
      target,
      tests: {
        method: method && compilePattern(method),
        host: host && compilePattern(host),
        path: path && compilePattern(path),
        operation: operation && compilePattern(operation),
      },
    }
  })
  const remembered = new Map<string, readonly Row<T>[]>()

  function candidates({ method, host, operation }: Matchable): readonly Row<T>[] {
    const key = `${method}\t${host}\t${operation}`
    const before = remembered.get(key)
    if (before !== undefined) return before
    const found = rows.filter(
      ({ tests }) =>
        (tests.method?.(method) ?? true) &&
        (tests.host?.(host) ?? true) &&
        (tests.operation?.(operation) ?? true),
    )
    if (remembered.size >= maxRemembered) remembered.clear()
    // A copy: the parts of the key may otherwise hold on to the datagrams that they were cut from.
    remembered.set(Buffer.from(key).toString(), found)
    return found
  }

  return (call) => {
    const path = call.path.length > maxPath ? call.path.slice(0, maxPath) : call.path
    for (const { target, tests } of candidates(call)) if (tests.path?.(path) ?? true) return target
    return undefined
  }
}
