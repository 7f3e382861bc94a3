import { createContext, Script } from 'node:vm'
import { codeOf } from '../../../lib/errors.ts'

/** What was going on has taken too long. */
export class TookTooLong extends Error {
  override name = 'TookTooLong'
}

const context = createContext({ work: undefined })
const script = new Script('work()')

/**
 * Does something that no step of it can end, such as what a library has made of a schema: Node.js ends it.
 *
 * @param limitMs By the clock on the wall.
 * @throws {@link TookTooLong}
 */
export function within<T>(limitMs: number, work: () => T): T {
  context['work'] = work
  try {
    return script.runInContext(context, { timeout: limitMs }) as T
  } catch (error) {
    throw codeOf(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? new TookTooLong() : error
  }
}
