import { RE2JS } from 're2js'
import { isBinary } from '../../checks/shared/dialogue/bytes.ts'
import type { Fields } from '../shared/fields.ts'
import type { Translation } from '../shared/translation.ts'
import { translateIpProtocol, translateTls, type Translating } from './shared.ts'

/** Translates a `tcp:`. */
export function translateTcp(fields: Fields, context: Translating): void {
  translateUnix(fields, context)
  translateIpProtocol(fields, context.translation)
}

/** Translates a `unix:`, which is a `tcp:` without addresses. */
export function translateUnix(fields: Fields, context: Translating): void {
  context.translation.set(['use_tls'], fields.take('tls'), fields.at('tls'))
  translateTls(fields, context)
  translateDialogue(fields, context)
}

/** Translates a `query_response:`. */
export function translateDialogue(fields: Fields, { translation }: Translating): void {
  for (const [index, step] of fields.items('query_response').entries()) {
    const at = ['dialogue', String(index)]
    const expect = step.text('expect')
    translation.set([...at, 'expect'], expect, step.at('expect'))
    const groups = groupsOf(expect)
    translateSend(step, at, groups, translation)
    if (step.take('starttls') === true) translation.set([...at, 'starttls'], true, step.at('starttls'))
    for (const label of step.items('labels')) {
      const name = label.text('name') ?? ''
      translation.set([...at, 'labels', name], template(label.text('value') ?? '', groups), label.path)
    }
    const bytes = bytesOf(step, 'expect_bytes')
    translation.set([...at, 'expect_bytes'], bytes?.toString('hex'), step.at('expect_bytes'))
  }
}

/** Text is sent as UTF-8, and everything with a line feed. */
function translateSend(
  step: Fields,
  at: readonly string[],
  groups: ReadonlySet<string> | undefined,
  translation: Translation,
): void {
  const text = step.text('send')
  if (text !== undefined && !isBinary(text)) {
    translation.set([...at, 'send'], template(text, groups), step.at('send'))
    return
  }
  const bytes = bytesOf(step, 'send')
  if (!bytes) return
  if (groups && bytes.includes('$'))
    translation.lose(step.at('send'), 'bytes cannot contain what groups of expect have found')
  translation.set([...at, 'send_bytes'], `${bytes.toString('hex')}0a`, step.at('send'))
}

/** Text, or what the file has as `!!binary`: see `bytesAsBase64`. */
function bytesOf(step: Fields, key: string): Buffer | undefined {
  const text = step.text(key)
  if (text !== undefined) return Buffer.from(text)
  const base64 = step.has(key) ? step.below(key).text('bytes') : undefined
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64')
}

/** The groups of a regex; nothing where there is none, or where it is wrong, which is found elsewhere. */
function groupsOf(source: string | undefined): ReadonlySet<string> | undefined {
  if (source === undefined) return undefined
  try {
    const regex = RE2JS.compile(source)
    const numbers = Array.from({ length: regex.groupCount() + 1 }, (_, index) => String(index))
    return new Set([...numbers, ...Object.keys(regex.namedGroups())])
  } catch {
    return new Set()
  }
}

/**
 * Says a template of Go's regexes in ours. A group that is not there stands for nothing.
 *
 * Source: https://pkg.go.dev/regexp#Regexp.Expand
 *
 * @param groups Absent: the text is sent as it is.
 */
function template(text: string | undefined, groups: ReadonlySet<string> | undefined): string | undefined {
  if (groups === undefined) return text?.replaceAll('$', () => '$$')
  return text?.replace(
    /\$(?:(\$)|(\w+)|\{(\w+)\})?/g,
    (_all, dollar?: string, bare?: string, braced?: string) => {
      const name = bare ?? braced
      if (dollar !== undefined || name === undefined) return '$$'
      const known = /^\d+$/.test(name) ? String(Number(name)) : name
      return groups.has(known) ? `$<${known}>` : ''
    },
  )
}
