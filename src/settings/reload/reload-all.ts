import { messageOf } from '../../lib/errors.ts'

/**
 * Loads several things again, one after the other: a mistake in one of them keeps none of the others from its new state.
 *
 * @throws What one of them throws, or an error that has the messages of all that failed.
 */
export async function reloadAll(...reloads: readonly (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = []
  for (const reload of reloads)
    await reload().catch((error: unknown) => {
      errors.push(error)
    })
  if (errors.length === 1) throw errors[0]
  if (errors.length > 1) throw new AggregateError(errors, errors.map(messageOf).join('\n'))
}
