import type { z } from 'zod'
import { closest } from '../../settings/values/closest.ts'
import { value, ValueError } from '../../settings/values/value.ts'
import { cut, plainText } from '../../lib/text/text.ts'
import type { Notification } from '../channel.ts'
import { templateNames, templateValues, type TemplateName } from '../shared/template-values.ts'

/** The body of a request as a config file has it: text, or a structure that becomes JSON. */
export type BodyTemplate = string | readonly unknown[] | Readonly<Record<string, unknown>>

/** `{summary}`, `{labels.team}`. */
const placeholder = /\{([a-z_]+)(?:\.([A-Za-z_]\w*))?\}/g

/** These are numbers if nothing else is in the text. */
const numbers: readonly string[] = ['alert_count', 'failure_count']

const isName = (name: string): name is TemplateName => (templateNames as readonly string[]).includes(name)

/** Reads a body's template. A placeholder that is nearly one of ours is refused; other braces mean nothing. */
export const bodyTemplate: z.ZodType<BodyTemplate> = value(
  (input) => {
    if (typeof input !== 'string' && (typeof input !== 'object' || input === null)) {
      throw new ValueError('expected text, a mapping or a list')
    }
    checkPlaceholders(input)
    return input as BodyTemplate
  },
  { anyOf: [{ type: 'string' }, { type: 'object' }, { type: 'array' }] },
)

function checkPlaceholders(node: unknown): void {
  if (typeof node === 'object' && node !== null) {
    Object.values(node).forEach(checkPlaceholders)
    return
  }
  if (typeof node !== 'string') return
  for (const [source, name = ''] of node.matchAll(placeholder)) {
    const meant = isName(name) ? undefined : closest(name, templateNames)
    if (meant !== undefined)
      throw new ValueError(`${source} is not a valid placeholder (did you mean {${meant}}?)`)
  }
}

/** Puts the values of a notification into a body. In a structure they are values of JSON: nothing in them can end one. */
export function fillBody(template: BodyTemplate, notification: Notification): string {
  const values = templateValues(notification)

  const replace = (source: string, name: string, label: string | undefined): string => {
    if (label !== undefined) return name === 'labels' ? labelOf(notification, label) : source
    return isName(name) ? values[name] : source
  }

  const fill = (text: string): unknown => {
    const [, name = '', label] = new RegExp(`^${placeholder.source}$`).exec(text) ?? []
    if (label === undefined && numbers.includes(name) && isName(name)) return Number(values[name])
    if (label === undefined && name === 'labels') return JSON.parse(values.labels)
    return text.replace(placeholder, replace)
  }

  const walk = (node: unknown): unknown => {
    if (typeof node === 'string') return fill(node)
    if (Array.isArray(node)) return node.map(walk)
    if (typeof node !== 'object' || node === null) return node
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, walk(child)]))
  }

  return typeof template === 'string'
    ? template.replace(placeholder, replace)
    : JSON.stringify(walk(template))
}

function labelOf({ labels }: Notification, name: string): string {
  return Object.hasOwn(labels, name) ? cut(plainText(labels[name] ?? ''), 1000) : ''
}
