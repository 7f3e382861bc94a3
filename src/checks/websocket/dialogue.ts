import type { Attempt } from '../../net/attempt.ts'
import type { Failure } from '../../net/failure.ts'
import type { DialogueStep } from '../shared/dialogue/schema.ts'
import { fill, findGroups, labelsOf, quote, type DialogueEvidence } from '../shared/dialogue/dialogue.ts'
import type { Messages } from './messages.ts'

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
  for (const [index, { expect, send, ...step }] of steps.entries()) {
    let groups: string[] | undefined = []
    if (expect) {
      const what = quote(expect.source)
      evidence.doing = `waiting for a message that matches ${what} (step ${index + 1} of its dialogue)`
      groups = await awaitMatch((message) => findGroups(expect, message), messages)
      if (!groups) {
        said.failedDueToRegex = true
        return unmatched(what, index, messages)
      }
    }
    if (step.labels.length > 0) said.add(labelsOf(step, groups))
    if (!send) continue
    evidence.doing = `sending (step ${index + 1} of its dialogue)`
    await messages.send(fill(send, groups))
  }
  return undefined
}

async function awaitMatch(
  find: (message: string) => string[] | undefined,
  messages: Messages,
): Promise<string[] | undefined> {
  for (;;) {
    const message = await messages.next()
    if (message === undefined) return undefined
    const groups = find(message)
    if (groups) return groups
  }
}

function unmatched(what: string, index: number, { count, closed = 0 }: Messages): Failure {
  const seen = count === 1 ? '1 message' : `${count} messages`
  return {
    reason: 'body',
    message: `step ${index + 1}: expected a message that matches ${what}, but the server closed (code ${closed}) after ${seen}`,
  }
}
