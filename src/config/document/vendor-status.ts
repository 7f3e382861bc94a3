import { z } from 'zod'
import { readUrl } from '../../checks/http/settings/values.ts'
import { proxyShape, type ProxySettings } from '../../net/proxy/settings.ts'
import { word } from '../../settings/values/scalars.ts'
import { asText, jsonOf, keys, oneOrMany, seen, value, ValueError } from '../../settings/values/value.ts'

/** The formats in which vendors publish their own state, with the path that each usually has. */
export const statusFormats = {
  statuspage: '/api/v2/summary.json',
  instatus: '/summary.json',
  betterstack: '/index.json',
  google: '/incidents.json',
  aws: '/public/currentevents',
  feed: undefined,
} as const

export type StatusFormat = keyof typeof statusFormats

/** Where a vendor publishes its own state for machines. */
export interface VendorStatusSource {
  readonly url: URL
  /** Absent: the content says it. */
  readonly format?: StatusFormat
  /** Names of what the vendor says anything about that matters here. Empty: everything. */
  readonly components: readonly string[]
  readonly proxy?: ProxySettings
}

const formats = Object.keys(statusFormats) as StatusFormat[]

const addressJson = {
  type: 'string',
  pattern: '^([hH][tT][tT][pP][sS]?://|.*\\$\\{)',
} as const

const detailed = keys({
  url: value(readUrl, { ...addressJson, description: 'The http or https URL of the data.' }),
  format: word(formats)
    .optional()
    .describe(
      'The format of the data; `feed` is RSS or Atom. With a format, `url` may be the address of the page itself. Default: what the content looks like.',
    ),
  components: oneOrMany(readComponent, { type: 'string', description: 'The name of a component.' })
    .optional()
    .describe(
      'What of the vendor matters here, by the names on its page, one or a list. Default: all of it.',
    ),
  ...proxyShape,
})

/** `vendors.NAME.status:`, which is a URL or a mapping. */
export const vendorStatus: z.ZodType<VendorStatusSource> = z
  .unknown()
  .transform((input, context): VendorStatusSource => {
    const isShort = typeof input === 'string'
    const parsed = detailed.safeParse(isShort ? { url: input } : input)
    // The short form has no keys of which something could be wrong.
    const add = (issue: z.core.$ZodRawIssue): void => {
      context.issues.push({ ...issue, path: isShort ? [] : issue.path })
    }
    if (!parsed.success) {
      for (const issue of parsed.error.issues) add({ ...issue, input } as z.core.$ZodRawIssue)
      return z.NEVER
    }
    const {
      url: written,
      format,
      components = [],
      proxy,
      no_proxy: noProxy = [],
      proxy_ca_file: ca,
    } = parsed.data
    const url = new URL(written)
    if (url.username !== '' || url.password !== '') {
      add({
        code: 'custom',
        message: 'contains credentials: only a page without a login can be read',
        path: ['url'],
        input,
      })
      return z.NEVER
    }
    if (url.pathname === '/' && url.search === '') {
      const path = format && statusFormats[format]
      if (path === undefined) {
        add({ code: 'custom', message: pageForPeople(format), path: ['url'], input })
        return z.NEVER
      }
      url.pathname = path
    }
    return {
      url,
      ...(format && { format }),
      components,
      ...(proxy && { proxy: { url: proxy, noProxy, ...(ca && { ca }) } }),
    }
  })
  .meta({
    anyOf: [{ ...addressJson, description: 'The http or https URL of the data.' }, jsonOf(detailed)],
  })

function pageForPeople(format: StatusFormat | undefined): string {
  return format === 'feed'
    ? 'is the page for people: write the URL of its RSS or Atom feed, such as https://status.example.com/history.atom'
    : `is the page for people: write the URL of its data, such as https://status.example.com/api/v2/summary.json, or add the format (${formats.join(', ')})`
}

function readComponent(input: unknown): string {
  const text = asText(input).trim()
  if (text === '' || text.length > 200)
    throw new ValueError(`${seen} is not a valid component: expected its name, at most 200 characters`)
  return text
}
