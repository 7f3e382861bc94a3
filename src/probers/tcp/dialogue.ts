import type { DialogueStep, Template } from '../../config/checks/dialogue.ts'
import type { Pattern } from '../../config/checks/http.ts'
import { cut, plainText } from '../../lib/text.ts'
import type { DialogueResult, Failure } from '../prober.ts'
import type { Conversation } from './conversation.ts'

/** What a dialogue has shown so far. */
export class DialogueEvidence {
  failedDueToRegex = false
  readonly #info: Readonly<Record<string, string>>[] = []

  /** Series of the same labels would be the same series twice: the same again changes nothing. */
  add(labels: Readonly<Record<string, string>>): void {
    const text = JSON.stringify(labels)
    if (!this.#info.some((known) => JSON.stringify(known) === text)) this.#info.push(labels)
  }

  result(): DialogueResult {
    return { failedDueToRegex: this.failedDueToRegex, info: [...this.#info] }
  }
}

/** The peer chooses what a group finds. */
const maxLabelLength = 128

/**
 * Goes through a dialogue. What the peer says stays out of messages and logs.
 *
 * @throws ProbeFailure when the connection breaks or TLS does not come about.
 */
export async function converse(
  steps: readonly DialogueStep[],
  conversation: Conversation,
  evidence: DialogueEvidence,
): Promise<Failure | undefined> {
  for (const [index, step] of steps.entries()) {
    const groups = step.expect ? await awaitMatch(step.expect, index, conversation) : []
    if (!groups) {
      evidence.failedDueToRegex = true
      return unmatched(step.expect?.source ?? '', index, conversation)
    }
    if (step.labels.length > 0) evidence.add(labelsOf(step, groups))
    if (step.send) {
      conversation.doing(`sending (step ${index + 1} of its dialogue)`)
      await conversation.wire.send(`${fill(step.send, groups)}\n`)
    }
    if (step.startTls) await conversation.upgrade()
  }
  return undefined
}

/** Reads lines until one matches. Returns what its groups have found, the whole match first. */
async function awaitMatch(
  { source, regex }: Pattern,
  index: number,
  conversation: Conversation,
): Promise<string[] | undefined> {
  conversation.doing(`waiting for a line that matches ${quote(source)} (step ${index + 1} of its dialogue)`)
  for (;;) {
    const line = await conversation.wire.line()
    if (line === undefined) return undefined
    const matcher = regex.matcher(line)
    if (!matcher.find()) continue
    return Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group) ?? '')
  }
}

function unmatched(source: string, index: number, { wire }: Conversation): Failure {
  if (wire.received === 0) {
    return { reason: 'connect', message: 'the server closed the connection before it said anything' }
  }
  const lines = wire.lines - 1
  const count = lines === 1 ? '1 line' : `${lines} lines`
  return {
    reason: 'body',
    message: `step ${index + 1}: expected a line that matches ${quote(source)}, but the server ended the connection after ${count}`,
  }
}

function labelsOf({ labels }: DialogueStep, groups: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    labels.map(({ name, value }) => [name, cut(plainText(fill(value, groups)), maxLabelLength)]),
  )
}

function fill(template: Template, groups: readonly string[]): string {
  return template.map((part) => (typeof part === 'string' ? part : (groups[part] ?? ''))).join('')
}

function quote(text: string): string {
  return JSON.stringify(cut(text, 100))
}
