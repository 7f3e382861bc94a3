import type { Failure } from '../../../net/failure.ts'
import type { Pattern } from '../../../settings/values/pattern.ts'
import type { DialogueStep, Template } from './schema.ts'
import { cut, plainText, plural } from '../../../lib/text/text.ts'
import { encoded } from './encode.ts'
import type { DialogueResult } from './result.ts'
import type { Conversation } from './conversation.ts'

/** What a dialogue has shown so far. */
export class DialogueEvidence {
  /** Undefined until there is a connection to talk over. */
  failedDueToRegex: boolean | undefined
  /** Undefined until there is a connection to talk over. */
  failedDueToBytes: boolean | undefined
  readonly #info: Readonly<Record<string, string>>[] = []

  /** Series of the same labels would be the same series twice: the same again changes nothing. */
  add(labels: Readonly<Record<string, string>>): void {
    const text = JSON.stringify(labels)
    if (!this.#info.some((known) => JSON.stringify(known) === text)) this.#info.push(labels)
  }

  result(): DialogueResult {
    const { failedDueToRegex, failedDueToBytes } = this
    return {
      ...(failedDueToRegex !== undefined && { failedDueToRegex }),
      ...(failedDueToBytes !== undefined && { failedDueToBytes }),
      info: [...this.#info],
    }
  }
}

/** The peer chooses what a group finds. */
const maxLabelLength = 128

/**
 * Goes through a dialogue. What the peer says stays out of messages and logs, except what is rejected and bytes that are compared.
 *
 * @throws ProbeFailure when the connection breaks or TLS does not come about.
 */
export async function converse(
  steps: readonly DialogueStep[],
  conversation: Conversation,
  evidence: DialogueEvidence,
): Promise<Failure | undefined> {
  evidence.failedDueToRegex = false
  evidence.failedDueToBytes = false
  for (const [index, step] of steps.entries()) {
    const groups = step.expect ? await awaitMatch(step, index, conversation) : []
    if (!Array.isArray(groups)) {
      evidence.failedDueToRegex = true
      return groups
    }
    const different = step.expectBytes && (await compareBytes(step.expectBytes, index, conversation))
    if (different) {
      evidence.failedDueToBytes = true
      return different
    }
    if (step.labels.length > 0) evidence.add(labelsOf(step, groups))
    const data = step.sendBytes ?? (step.send && encoded(step.send, groups))
    if (data) {
      conversation.doing(`sending (step ${index + 1} of its dialogue)`)
      await conversation.wire.send(data)
    }
    if (step.startTls) await conversation.upgrade()
  }
  return undefined
}

/** Reads lines until one matches. Returns what its groups have found, the whole match first. */
async function awaitMatch(
  step: DialogueStep,
  index: number,
  conversation: Conversation,
): Promise<string[] | Failure> {
  const { expect, reject } = step
  if (!expect) return []
  conversation.doing(
    `waiting for a line that matches ${quote(expect.source)} (step ${index + 1} of its dialogue)`,
  )
  const isDecided = (text: string): boolean => expect.regex.test(text) || reject?.regex.test(text) === true
  const early = { isEnough: isDecided, atOnce: isLasting(step) }
  for (;;) {
    const line = await conversation.wire.line(early)
    if (line === undefined) return unmatched(expect.source, index, conversation)
    const groups = findGroups(expect, line)
    if (groups) return groups
    if (reject?.regex.test(line)) return rejected(line, index)
  }
}

/** Parts of a regex that look at what comes after. */
const looksAhead = /[$]|\\[bBz]/

/**
 * Whether a match of what has arrived of a line stays the same, whatever follows: so that a prompt, which has no end, is seen as
 * soon as it is there.
 */
function isLasting({ expect, reject, labels, send, startTls }: DialogueStep): boolean {
  const usesGroups = labels.length > 0 || send?.some((part) => typeof part === 'number') === true
  // The rest of the line must not be taken for something that was said before TLS began.
  if (usesGroups || startTls || reject) return false
  return !looksAhead.test(expect?.source ?? '')
}

/** What the peer said when it said no, which is why it may be shown. */
export function rejected(line: string, index: number): Failure {
  return { reason: 'body', message: `step ${index + 1}: the server said no: ${quote(plainText(line))}` }
}

async function compareBytes(
  expected: Uint8Array,
  index: number,
  conversation: Conversation,
): Promise<Failure | undefined> {
  conversation.doing(`waiting for ${plural(expected.length, 'byte')} (step ${index + 1} of its dialogue)`)
  const received = await conversation.wire.take(expected.length)
  if (received.equals(expected)) return undefined
  if (conversation.wire.received === 0) return silentEnd
  return {
    reason: 'body',
    message: `step ${index + 1}: expected the bytes ${shownBytes(expected)}, got ${shownBytes(received)}`,
  }
}

const maxShownBytes = 32

/** Bytes as they may stand in a message. */
export function shownBytes(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'none'
  const shown = Buffer.from(bytes.subarray(0, maxShownBytes))
    .toString('hex')
    .replace(/..(?=.)/g, '$& ')
  return bytes.length > maxShownBytes ? `${shown} …` : shown
}

/** What the groups of a regex find in a text, the whole match first; nothing where it does not match. */
export function findGroups({ regex }: Pattern, text: string): string[] | undefined {
  const matcher = regex.matcher(text)
  if (!matcher.find()) return undefined
  return Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group) ?? '')
}

const silentEnd: Failure = {
  reason: 'connect',
  message: 'the server closed the connection before it sent anything',
}

function unmatched(source: string, index: number, { wire }: Conversation): Failure {
  if (wire.received === 0) return silentEnd
  const lines = wire.lines - 1
  return {
    reason: 'body',
    message: `step ${index + 1}: expected a line that matches ${quote(source)}, but the server ended the connection after ${plural(lines, 'line')}`,
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
