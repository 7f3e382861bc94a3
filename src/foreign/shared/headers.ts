import { checkRequestHeaderName } from '../../checks/http/settings/values.ts'
import type { Path } from '../../settings/path.ts'
import { ValueError } from '../../settings/values/value.ts'
import type { Draft } from './draft.ts'

/**
 * Sets a header of the request.
 *
 * @param text May hold `${...}`.
 */
export function referHeader(draft: Draft, name: string, text: string, at: Path): void {
  try {
    checkRequestHeaderName(name)
    draft.refer(['headers', name], text, at)
  } catch (error) {
    if (!(error instanceof ValueError)) throw error
    draft.lose(at, error.message)
  }
}
