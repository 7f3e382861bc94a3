import type * as z from 'zod'
import { ProbityError } from '../../lib/errors.ts'

/**
 * Reads what a running Probity has answered. Something else may listen at its address.
 *
 * @param url As somebody has set it.
 * @throws ProbityError `PROBITY_UNREACHABLE` where the answer is something else.
 */
export function readAnswer<T>(shape: z.ZodType<T>, text: string, url: string): T {
  try {
    return shape.parse(JSON.parse(text))
  } catch (cause) {
    throw new ProbityError(
      'PROBITY_UNREACHABLE',
      `what answers at ${url} is not Probity, or another version of it: set the address of Probity with --url`,
      { cause },
    )
  }
}

/** An answer with its text. @throws What `fetch` throws, also where the text is cut off. */
export async function withText(response: Response): Promise<{
  readonly ok: boolean
  readonly status: number
  readonly text: string
}> {
  return { ok: response.ok, status: response.status, text: await response.text() }
}
