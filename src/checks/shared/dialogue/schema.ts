import type { Pattern } from '../../../settings/values/pattern.ts'
import type { RE2JS } from 're2js'
import { z } from 'zod'
import { checkLabelName } from '../../../settings/values/labels.ts'
import { flag, patternJson, readPattern } from '../../../settings/values/scalars.ts'
import { asText, keys, mapping, value, ValueError } from '../../../settings/values/value.ts'
import { bytesOf } from './bytes.ts'

/** A text with places for what groups of a regex have found: text, or the number of a group. */
export type Template = readonly (string | number)[]

/** One step of what is said over a connection: wait for a line or bytes, then send some, then begin TLS. */
export interface DialogueStep {
  /** Lines are read until one matches. */
  readonly expect?: Pattern
  /** A line that matches while another one is expected means no. */
  readonly reject?: Pattern
  /** These come next. */
  readonly expectBytes?: Uint8Array
  /** Sent with a line feed after it. */
  readonly send?: Template
  /** Sent as they are. */
  readonly sendBytes?: Uint8Array
  /** Whether TLS begins after it. */
  readonly startTls: boolean
  /** Become labels of `probe_expect_info`. */
  readonly labels: readonly { readonly name: string; readonly value: Template }[]
}

/** More steps are nothing that anybody writes by hand. */
const maxSteps = 50

const textJson = { type: 'string' } as const
const text = value(asText, textJson)

function checkInfoLabel(name: string): void {
  checkLabelName(name)
}

const step = keys({
  expect: value(readPattern, {
    ...patternJson,
    description: 'A regex in RE2 syntax; lines are read until one matches.',
  }).optional(),
  reject: value(readPattern, {
    ...patternJson,
    description: 'A regex; a line that matches it before one matches `expect` fails the check at once.',
  }).optional(),
  expect_bytes: bytesOf(
    'The bytes that come next, in hex, such as `"4a 00"`; after the line of `expect`.',
  ).optional(),
  send: value(asText, {
    ...textJson,
    description:
      'A text that is sent with a line feed after it; `$1` and `$<name>` stand for groups of `expect`. With control characters such as `\\x00`, its characters are sent as bytes, without a line feed.',
  }).optional(),
  send_bytes: bytesOf('Bytes to send, in hex, such as `"00 ff"`; no line feed follows.').optional(),
  starttls: flag.optional().describe('Whether TLS begins after this step. Default: `false`.'),
  labels: mapping(checkInfoLabel, text, {
    description: 'Labels of `probe_expect_info`; `$1` and `$<name>` stand for groups of `expect`.',
  }).optional(),
}).transform((written, context): DialogueStep => {
  const { expect, reject, send, starttls = false, labels = {} } = written
  const { expect_bytes: expectBytes, send_bytes: sendBytes } = written
  const complain = (message: string, ...path: string[]): void => {
    context.addIssue({ code: 'custom', message, path })
  }
  const read = (template: string, path: string[]): Template => {
    try {
      return readTemplate(template, expect?.regex)
    } catch (error) {
      if (!(error instanceof ValueError)) throw error
      complain(error.message, ...path)
      return []
    }
  }
  if (!expect && !expectBytes && send === undefined && !sendBytes && !starttls)
    complain('has no effect: expected expect:, send: or starttls: true')
  if (send !== undefined && sendBytes) complain('has no effect with send: keep one of them', 'send_bytes')
  if (reject && !expect)
    complain('needs expect:, because it is about the lines that are read until then', 'reject')
  if (written.labels !== undefined && expect === undefined)
    complain('needs expect:, because the labels are made from its groups', 'labels')
  return {
    ...(expect && { expect }),
    ...(reject && { reject }),
    ...(expectBytes && { expectBytes }),
    ...(send !== undefined && send !== '' && { send: read(send, ['send']) }),
    ...(sendBytes && { sendBytes }),
    startTls: starttls,
    labels: Object.entries(labels).map(([name, template]) => ({
      name,
      value: read(template, ['labels', name]),
    })),
  }
})

/** The `dialogue:` of a target: shared by every kind that talks line by line. */
export const dialogue = z
  .array(step, { error: 'expected a list of steps, each with expect: or send:' })
  .max(maxSteps, { error: `has more than ${maxSteps} steps` })

/**
 * Reads `$1` to `$9`, `$<12>` and `$<name>` as groups, `$$` as a dollar. Any other `$` is itself.
 *
 * @throws ValueError when the regex has no such group.
 */
function readTemplate(written: string, regex: RE2JS | undefined): Template {
  const parts: (string | number)[] = []
  let position = 0
  for (const match of written.matchAll(/\$(?:(\$)|([0-9])|<([A-Za-z0-9_]+)>)/g)) {
    const [whole, dollar, digit, name] = match
    parts.push(written.slice(position, match.index))
    parts.push(dollar ?? groupNumber(whole, digit ?? name ?? '', regex))
    position = match.index + whole.length
  }
  parts.push(written.slice(position))
  return parts.filter((part) => part !== '')
}

function groupNumber(written: string, name: string, regex: RE2JS | undefined): number {
  if (!regex) throw new ValueError(`${written} stands for a group, but the step has no expect:`)
  const number = /^\d+$/.test(name) ? Number(name) : regex.namedGroups()[name]
  if (number === undefined || number > regex.groupCount()) {
    throw new ValueError(
      `${written} stands for a group that expect: does not have: write $$ for a literal dollar sign`,
    )
  }
  return number
}
