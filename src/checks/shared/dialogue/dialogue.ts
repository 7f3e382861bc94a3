import type { Failure } from '../../../net/failure.ts'
import type { Pattern } from '../../../settings/values/pattern.ts'
import type { DialogueStep, Template } from './schema.ts'
import { cut, plainText } from '../../../lib/text/text.ts'
import type { DialogueResult } from './result.ts'
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
  pattern: Pattern,
  index: number,
  conversation: Conversation,
): Promise<string[] | undefined> {
  conversation.doing(
    `waiting for a line that matches ${quote(pattern.source)} (step ${index + 1} of its dialogue)`,
  )
  for (;;) {
    const line = await conversation.wire.line()
    if (line === undefined) return undefined
    const groups = findGroups(pattern, line)
    if (groups) return groups
  }
}

/** What the groups of a regex find in a text, the whole match first; nothing where it does not match. */
export function findGroups({ regex }: Pattern, text: string): string[] | undefined {
  const matcher = regex.matcher(text)
  if (!matcher.find()) return undefined
  return Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group) ?? '')
}

function unmatched(source: string, index: number, { wire }: Conversation): Failure {
  if (wire.received === 0) {
    return { reason: 'connect', message: 'the server closed the connection before it sent anything' }
  }
  const lines = wire.lines - 1
  const count = lines === 1 ? '1 line' : `${lines} lines`
  return {
    reason: 'body',
    message: `step ${index + 1}: expected a line that matches ${quote(source)}, but the server ended the connection after ${count}`,
  }
}

/** The labels of a step, filled in and cut. */
export function labelsOf(
  { labels }: Pick<DialogueStep, 'labels'>,
  groups: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    labels.map(({ name, value }) => [name, cut(plainText(fill(value, groups)), maxLabelLength)]),
  )
}

/** A text with what groups have found in its places. */
export function fill(template: Template, groups: readonly string[]): string {
  return template.map((part) => (typeof part === 'string' ? part : (groups[part] ?? ''))).join('')
}

/** A regex as it may stand in a message. */
export function quote(text: string): string {
  return JSON.stringify(cut(text, 100))
}
