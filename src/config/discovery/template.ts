import { Decimal } from '../../lib/text/decimal.ts'
import type { Labels } from './kind.ts'

/** `{label}` or `{label:-default}`; neither `${NAME}` of the environment nor `{{variable}}` of a transaction. */
const placeholder = /(?<![{$])\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^{}$]*))?\}(?!\})/g

/** Characters. A label that is longer is not part of a target. */
const maxLength = 1024

/**
 * What would be read as something else than text: `${...}` of the environment, `{...}` of a template, and what ends a line of a
 * log or of a request.
 */
const unfit = /[${}\p{Cc}]/u

/** Why labels do not make a target. */
export class TemplateError extends Error {
  override name = 'TemplateError'
}

export function hasPlaceholder(value: unknown): boolean {
  return labelsIn(value).size > 0
}

/** The names of the labels that a template, or a part of one, uses. */
export function labelsIn(value: unknown): Set<string> {
  if (typeof value === 'string') return new Set([...value.matchAll(placeholder)].map(([, name = '']) => name))
  if (typeof value !== 'object' || value === null || value instanceof Decimal) return new Set()
  return new Set(Object.values(value).flatMap((item) => [...labelsIn(item)]))
}

/**
 * Puts labels into a template. They stay text, whatever they are: nothing in them is expanded.
 *
 * @throws {@link TemplateError}
 */
export function fillTemplate(template: unknown, labels: Labels): unknown {
  if (typeof template === 'string') return fillText(template, labels)
  if (typeof template !== 'object' || template === null || template instanceof Decimal) return template
  if (Array.isArray(template)) return template.map((item: unknown) => fillTemplate(item, labels))
  return Object.fromEntries(Object.entries(template).map(([key, item]) => [key, fillTemplate(item, labels)]))
}

function fillText(text: string, labels: Labels): string {
  return text.replaceAll(placeholder, (_whole, name: string, fallback: string | undefined) => {
    const value = Object.hasOwn(labels, name) ? labels[name] : undefined
    // As in Prometheus, an empty label is one that is not there.
    if (value === undefined || value === '') {
      if (fallback !== undefined) return fallback
      throw new TemplateError(`has no label ${name}: give a default with {${name}:-default}`)
    }
    if (value.length > maxLength)
      throw new TemplateError(`label ${name} is longer than ${maxLength} characters`)
    if (unfit.test(value))
      throw new TemplateError(
        `label ${name} contains $, {, } or a control character, which a template does not take`,
      )
    return value
  })
}

/** Keys that do not decide which host is connected to. */
const harmless: ReadonlySet<string> = new Set([
  ...[
    'name',
    'labels',
    'job',
    'severity',
    'runbook',
    'notify',
    'repeat',
    'interval',
    'timeout',
    'retry',
    'alert_after',
  ],
  ...['recover_after', 'alert_quorum', 'depends_on', 'maintenance', 'expect', 'headers'],
])

/** Whether no label can decide which host is connected to. */
export function hasFixedHost(template: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(template).every(
    ([key, value]) => harmless.has(key) || !hasPlaceholder(value) || (key === 'url' && isPathOnly(value)),
  )
}

/** Whether a URL has labels after its host only. */
function isPathOnly(url: unknown): boolean {
  return typeof url === 'string' && /^https?:\/\/[^{}/?#\\@]+[/?#]/i.test(url)
}
