import { cleanField, cleanText, limits } from './clean.ts'
import { splitUrl } from './url.ts'

/** What a sender knows of one call. */
export interface CallRecord {
  readonly durationSeconds: number
  readonly method?: string
  /** Query string, fragment and userinfo are left out of the line; a URL without a valid host is left out whole. */
  readonly url?: string
  /** The HTTP status; 0 when no response came. */
  readonly status?: number
  readonly operation?: string
  readonly caller?: string
  readonly version?: string
  /** The code or the name of what was thrown. Never its message, which may hold private data. */
  readonly error?: string
}

/**
 * One line of version 2, with its newline: `2 TAB method TAB url TAB ms TAB status TAB operation TAB caller TAB
 * version TAB error LF`. Fields are cut to {@link limits}, and control characters in them become spaces.
 */
export function encodeCall(call: CallRecord): string {
  const { durationSeconds, method = '', url = '', status, operation = '', caller = '', version = '' } = call
  const fields = [
    cleanField(method, limits.method),
    url === '' ? '' : withoutSecrets(url),
    (durationSeconds * 1000).toFixed(3),
    status ?? '',
    cleanField(operation, limits.operation),
    cleanField(caller, limits.caller),
    cleanField(version, limits.version),
    cleanField(call.error ?? '', limits.error),
  ]
  return `2\t${fields.join('\t')}\n`
}

function withoutSecrets(url: string): string {
  const parts = splitUrl(url)
  return parts === undefined ? '' : parts.origin + cleanText(parts.path.slice(0, limits.path))
}
