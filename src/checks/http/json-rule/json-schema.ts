import type { JsonSchema } from '../../../settings/values/value.ts'

/* What an editor knows about comparisons. */

const anything = (description: string): JsonSchema => ({ description })
const number = (description: string): JsonSchema => ({ type: ['number', 'string'], description })

const sizes: Readonly<Record<string, JsonSchema>> = {
  equals: anything('The value is this one, as it is; also a list or a mapping.'),
  one_of: { type: 'array', minItems: 1, description: 'The value is one of these.' },
  gt: number('The value is a number greater than this.'),
  gte: number('The value is a number that is at least this.'),
  lt: number('The value is a number less than this.'),
  lte: number('The value is a number that is at most this.'),
  not: anything('No selected value is this, or meets all of these comparisons.'),
}

const length: JsonSchema = {
  anyOf: [
    { type: 'integer', minimum: 0 },
    { type: 'object', properties: sizes, additionalProperties: false, minProperties: 1 },
  ],
  description:
    'How many characters a text, items a list, or members a mapping has: a number, or comparisons.',
}

/** The schema of what may follow a JSONPath. */
export const comparisonsJson: JsonSchema = {
  anyOf: [
    { type: ['string', 'number', 'boolean', 'null', 'array'] },
    {
      type: 'object',
      additionalProperties: false,
      properties: {
        ...sizes,
        matches: {
          type: ['string', 'array'],
          description:
            'The text, or the number as it is written, matches this regex (RE2), or all of a list.',
        },
        contains: anything(
          'The text contains this text, the list this item, or the mapping this key; or all of a list.',
        ),
        length,
        exists: {
          type: ['boolean', 'string'],
          description: '`true`: anything is there, also `null`. `false`: nothing is.',
        },
      },
    },
  ],
}
