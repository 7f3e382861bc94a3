import { z } from 'zod'
import { flag, word } from '../../settings/values/scalars.ts'
import { asText, keys, oneOrMany, seen, value, ValueError } from '../../settings/values/value.ts'
import { pageLanguages, pageWords } from '../public-page.ts'
import { contrast } from './contrast.ts'

/** What links of a page stand on: `--page` and `--card` of src/web/assets/frame.css. */
export const pageGrounds = { light: ['#f5f6f8', '#ffffff'], dark: ['#0e1217', '#161b22'] } as const

/** What WCAG 2.2 (AA) wants of text. */
const minContrast = 4.5

const maxWords = 60
const maxTitle = 120

function shortText(max: number): z.ZodType<string> {
  return value(
    (input) => {
      const text = asText(input).trim()
      if (text === '') throw new ValueError('is empty')
      if (text.length > max) throw new ValueError(`is too long: expected at most ${max} characters`)
      return text
    },
    { type: 'string', minLength: 1, maxLength: max },
  )
}

function accent(ground: keyof typeof pageGrounds): z.ZodType<string> {
  return value(
    (input) => {
      const colour = asText(input).toLowerCase()
      if (!/^#[0-9a-f]{6}$/.test(colour))
        throw new ValueError(`${seen} is not a valid colour: expected one such as "#1759b8"`)
      const worst = Math.min(...pageGrounds[ground].map((other) => contrast(colour, other)))
      if (worst < minContrast)
        throw new ValueError(
          `${seen} has a contrast of ${worst.toFixed(1)} on a ${ground} page: expected at least ${minContrast}, so choose a ${ground === 'light' ? 'darker' : 'lighter'} one`,
        )
      return colour
    },
    { type: 'string', pattern: '^(#[0-9A-Fa-f]{6}|.*\\$\\{.*)$' },
  )
}

const pagePath = value(
  (input) => {
    const path = asText(input).replace(/\/$/, '')
    if (!/^\/(public|status\/[a-z0-9][a-z0-9-]{0,63})$/.test(path))
      throw new ValueError(
        `${seen} is not a valid path of a page: expected /public, or one such as /status/shop (small letters, digits and hyphens)`,
      )
    return path
  },
  { type: 'string', pattern: '^/(public|status/[a-z0-9][a-z0-9-]{0,63})/?$' },
)

const hostName = value(
  (input) => {
    const host = asText(input).toLowerCase()
    if (!/^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/.test(host))
      throw new ValueError(`${seen} is not a valid name of a host: expected one such as status.example.com`)
    return host
  },
  { type: 'string' },
)

const target = { type: 'string', description: 'A target whose name, state and days anyone may see.' } as const

const wordKeys = Object.fromEntries(
  pageWords.map((name) => [
    name,
    shortText(maxWords)
      .optional()
      .describe(`In place of the page's own words for \`${name}\`. Default: those.`),
  ]),
)

const pageSchema = keys({
  path: pagePath.describe('Where the page is: `/public`, or `/status/NAME`.'),
  host: hostName
    .optional()
    .describe('A name of this server on which there is nothing but this page. Default: none.'),
  title: shortText(maxTitle).optional().describe('The title of the page. Default: `Status`.'),
  logo: value(asText, { type: 'string' })
    .optional()
    .describe(
      'An SVG or PNG file of at most 32 KiB, by its path relative to the folder of this file. Default: none.',
    ),
  colours: keys({
    accent: accent('light').optional().describe('The colour of links, such as `"#1759b8"`. Default: a blue.'),
    accent_dark: accent('dark')
      .optional()
      .describe('The same where the page is dark, such as `"#82b6ff"`. Default: a light blue.'),
  })
    .optional()
    .describe('Colours of the page, which must stand out from the page. Default: those of Probity.'),
  targets: oneOrMany(asText, target)
    .optional()
    .describe('What the page shows: a name or a list. Default: none, so that `groups` is needed.'),
  groups: z
    .array(
      keys({
        name: shortText(maxTitle).describe('The heading above the targets.'),
        targets: oneOrMany(asText, target).describe('What stands below it: a name or a list.'),
      }),
    )
    .min(1, 'is an empty list')
    .optional()
    .describe('What the page shows, below headings. Default: no headings.'),
  words: keys(wordKeys).optional().describe("Words in place of the page's own. Default: none."),
  lang: word(pageLanguages).optional().describe('The language of the page. Default: `en`.'),
  incidents: flag
    .optional()
    .describe('Whether the page and its feeds say when its targets were down. Default: `false`.'),
  subscribe: keys({
    channel: value(asText, { type: 'string' }).describe(
      'The channel of the type `email` in notify.yml that sends the mails: its server and its sender.',
    ),
  })
    .optional()
    .describe('Lets visitors subscribe to the news of the page by e-mail. Default: they cannot.'),
})

const names = oneOrMany(asText, {
  type: 'string',
  description: 'A target whose name and state anyone may see at /public/.',
})
const pages = z.array(pageSchema).min(1, 'is an empty list')

const description =
  'Targets whose names, states and days anyone may see at /public/: a name or a list. Or a list of pages. Default: none.'

/** `web:` as the schema for editors has it. */
export const webSchema = keys({ public: z.union([names, pages]).optional().describe(description) })

/** `web:` where `public` names targets. */
export const webOfNames = keys({ public: names.optional() })

/** `web:` where `public` has pages. */
export const webOfPages = keys({ public: pages.optional() })
