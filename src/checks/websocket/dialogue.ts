import type { Attempt } from '../../net/attempt.ts'
import type { Failure } from '../../net/failure.ts'
import type { DialogueStep } from '../shared/dialogue/schema.ts'
import {
  fill,
  findGroups,
  labelsOf,
  quote,
  rejected,
  type DialogueEvidence,
} from '../shared/dialogue/dialogue.ts'
import type { Messages } from './messages.ts'
import { plural } from '../../lib/text/text.ts'

/**
 * Goes through a dialogue, message by message. What the peer says stays out of messages and logs.
 *
 * @throws ProbeFailure when the connection breaks.
 */
export async function converse(
  steps: readonly DialogueStep[],
  messages: Messages,
  said: DialogueEvidence,
  { evidence }: Attempt,
): Promise<Failure | undefined> {
  for (const [index, step] of steps.entries()) {
    const { expect, send } = step
    if (expect)
      evidence.doing = `waiting for a message that matches ${quote(expect.source)} (step ${index + 1} of its dialogue)`
    const groups = await awaitMatch(step, index, messages)
    if (!Array.isArray(groups)) {
      said.failedDueToRegex = true
      return groups
    }
    if (step.labels.length > 0) said.add(labelsOf(step, groups))
    if (!send) continue
    evidence.doing = `sending (step ${index + 1} of its dialogue)`
    await messages.send(fill(send, groups))
  }
  return undefined
}

async function awaitMatch(
  { expect, reject }: DialogueStep,
  index: number,
  messages: Messages,
): Promise<string[] | Failure> {
  if (!expect) return []
  for (;;) {
    const message = await messages.next()
    if (message === undefined) return unmatched(quote(expect.source), index, messages)
    const groups = findGroups(expect, message)
    if (groups) return groups
    if (reject?.regex.test(message)) return rejected(message, index)
  }
}

function unmatched(what: string, index: number, { count, closed = 0 }: Messages): Failure {
  return {
    reason: 'body',
    message: `step ${index + 1}: expected a message that matches ${what}, but the server closed (code ${closed}) after ${plural(count, 'message')}`,
  }
}
