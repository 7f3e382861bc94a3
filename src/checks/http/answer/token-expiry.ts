import { headerValue, type ResponseHeaders } from '../headers.ts'

/** GitHub says it of a personal access token that expires: `2027-01-31 12:00:00 UTC`, or with an offset such as `-0800`. */
const header = 'github-authentication-token-expiration'

/**
 * Reads what an answer says about the end of the token that the request had.
 *
 * @returns Unix time in seconds; nothing where nothing is said.
 */
export function tokenExpiryOf(headers: ResponseHeaders): number | undefined {
  const [, date = '', time = '', zone = ''] =
    /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2}) ?(UTC|Z|[+-]\d{2}:?\d{2})$/.exec(
      headerValue(headers, header) ?? '',
    ) ?? []
  const offset = /^[A-Z]/.test(zone) ? 'Z' : zone.replace(/^(...)(\d\d)$/, '$1:$2')
  const instant = Date.parse(`${date}T${time}${offset}`)
  return Number.isNaN(instant) ? undefined : instant / 1000
}
