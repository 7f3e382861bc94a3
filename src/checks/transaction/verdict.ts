import type { Failure } from '../../net/failure.ts'
import type { StepResult } from './result.ts'

/**
 * Why a transaction failed: the first step that did, with what became of the others.
 *
 * @returns Nothing when no step failed.
 */
export function failureOfSteps(steps: readonly StepResult[]): Failure | undefined {
  const [first, ...others] = steps.flatMap(({ name, failure }) => (failure ? [{ name, failure }] : []))
  if (!first) return undefined
  const blocked = steps.filter(({ outcome }) => outcome === 'blocked').map(({ name }) => name)
  const notes = [
    ...(blocked.length > 0 ? [`not run: ${blocked.join(', ')}`] : []),
    ...steps.flatMap(({ name, missing }) =>
      missing
        ? [
            `step ${name} was skipped, because ${missing.join(' and ')} ${missing.length > 1 ? 'were' : 'was'} never captured`,
          ]
        : [],
    ),
    ...others.map(({ name, failure }) => `step ${name} failed too: ${failure.message}`),
  ]
  const { reason, message } = first.failure
  const rest = notes.length === 0 ? '' : ` (${notes.join('; ')})`
  return { reason, message: `step ${first.name}: ${message}${rest}` }
}
