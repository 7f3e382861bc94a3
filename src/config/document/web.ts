import { asText, keys, oneOrMany } from '../../settings/values/value.ts'

/** `web:` */
export const webSchema = keys({
  public: oneOrMany(asText, {
    type: 'string',
    description: 'A target whose name and state anyone may see at /public/.',
  })
    .optional()
    .describe(
      'Targets whose names, states and days anyone may see at /public/: a name or a list. Default: none.',
    ),
})
