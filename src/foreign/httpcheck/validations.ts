import { jsonValue } from '../shared/json-value.ts'
import type { Fields } from '../shared/fields.ts'
import type { Translation } from '../shared/translation.ts'

/** The part of gjson that is a JSONPath: names and indexes with dots between them. */
const simplePath = /^[A-Za-z_0-9][\w-]*(?:\.[A-Za-z_0-9][\w-]*)*$/

/** Translates what is expected of the body. */
export function translateValidations(target: Fields, translation: Translation): void {
  const rules: Record<string, string[]> = {}
  const rulesOf = { contains: 'contains', not_contains: 'not_contains', regex: 'matches' }
  for (const validation of target.items('validations')) {
    for (const [theirs, ours] of Object.entries(rulesOf)) {
      const text = validation.text(theirs)
      if (text === undefined || text === '') continue
      ;(rules[ours] ??= []).push(text)
      translation.set(['expect', 'body', ours], rules[ours], validation.at(theirs))
    }
    translateJson(validation, translation)
    const size = validation.text('max_size')
    if (size !== undefined) translation.set(['expect', 'max_body'], `${size}B`, validation.at('max_size'))
    if (Number(validation.text('min_size') ?? 0) > 0)
      translation.lose(validation.at('min_size'), 'that a body is not too small cannot be expected')
  }
}

function translateJson(validation: Fields, translation: Translation): void {
  const written = validation.text('json_path') ?? ''
  if (written === '') return
  const at = validation.at('json_path')
  if (!simplePath.test(written)) {
    translation.lose(at, 'only names and indexes with dots between them can be expected: write expect.json')
    return
  }
  const path = written
    .split('.')
    .map((step) =>
      /^\d+$/.test(step)
        ? `[${step}]`
        : /^[A-Za-z_]\w*$/.test(step)
          ? `.${step}`
          : `[${JSON.stringify(step)}]`,
    )
    .join('')
  const equals = validation.text('equals') ?? ''
  const value = jsonValue(equals)
  // A text is compared there, so that 3 and "3" are the same.
  const expected = equals === '' ? { exists: true } : value === equals ? equals : { one_of: [value, equals] }
  translation.set(['expect', 'json', `$${path}`], expected, at)
}
