import { checkRequestHeaderName } from '../../checks/http/settings/values.ts'
import type { Path } from '../../settings/path.ts'
import { ValueError } from '../../settings/values/value.ts'
import type { Translation } from './translation.ts'

/**
 * Sets a header of the request.
 *
 * @param text May hold `${...}`.
 */
export function referHeader(translation: Translation, name: string, text: string, at: Path): void {
  try {
    checkRequestHeaderName(name)
    translation.refer(['headers', name], text, at)
  } catch (error) {
    if (!(error instanceof ValueError)) throw error
    translation.lose(at, error.message)
  }
}
