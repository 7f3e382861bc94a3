import { asText, mapping, seen, value, ValueError } from '../../settings/values/value.ts'
import { shownConfigUrl } from '../remote/address.ts'
import { askJson } from './ask.ts'
import { readGroups } from './groups.ts'
import { defineSource } from './kind.ts'

/** What can be sent as a header: anything else would begin another one. */
const headerText = /^[\t\x20-\x7e]*$/

/** A server that speaks Prometheus' HTTP discovery. */
export const httpSd = defineSource({
  key: 'http_sd',
  local: false,
  shape: {
    http_sd: value(readUrl, { type: 'string', format: 'uri' })
      .optional()
      .describe('The http or https URL of a server that lists targets as Prometheus’ HTTP discovery does.'),
    headers: mapping(checkHeaderName, value(readHeader, { type: 'string' }))
      .optional()
      .describe('Headers of the request, such as `Authorization: Bearer ${TOKEN}`. Default: none.'),
  },
  open({ http_sd: url = new URL('http://localhost'), headers = {} }) {
    const shown = shownConfigUrl(url)
    return {
      shown,
      ask: async (signal) => readGroups(await askJson(url, { headers, signal }), { __meta_url: shown }),
    }
  },
})

function readUrl(input: unknown): URL {
  const text = asText(input)
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol))
    throw new ValueError(
      `${seen} is not a valid URL: expected one such as https://inventory.example.com/targets`,
    )
  if (url.username !== '' || url.password !== '')
    throw new ValueError('contains credentials: write them into headers:, as Authorization')
  url.hash = ''
  return url
}

function checkHeaderName(name: string): void {
  if (
    !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) ||
    /^(?:host|connection|transfer-encoding|content-length)$/i.test(name)
  )
    throw new ValueError('is not a header that can be set: expected one such as Authorization')
}

function readHeader(input: unknown): string {
  const text = asText(input)
  if (!headerText.test(text))
    throw new ValueError('is not a valid header: expected printable ASCII on one line')
  return text
}
