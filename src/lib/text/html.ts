import { visible } from './text.ts'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Markup that is safe to insert as it is. */
export interface Html {
  readonly markup: string
}

/** Markup with values inserted: whatever is not markup itself is escaped. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Html | readonly Html[])[]
): Html {
  return { markup: parts.map((part, i) => part + insert(values[i] ?? '')).join('') }
}

function insert(value: string | number | Html | readonly Html[]): string {
  if (typeof value === 'string')
    return visible(value).replace(/[&<>"']/g, (character) => entities[character] ?? character)
  if (typeof value === 'number') return String(value)
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('')
}
