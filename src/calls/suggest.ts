import type { Matchable } from './matcher.ts'

/** Segments of a path that name one thing of many: numbers, UUIDs, long hexadecimal, and words with digits in them. */
const identifier = /^(?:\d+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{12,}|(?=.*\d)(?=.*[A-Za-z])[\w-]{6,})$/i

/** A version of an API is not an identifier, however it looks. */
const apiVersion = /^v\d+(?:\.\d+)*$/i

/**
 * A `calls:` that matches a call and those like it, as it is written in targets.yml: the parts of the path that look like
 * identifiers match any.
 */
export function suggestCalls({ method, host, path, operation }: Matchable): string {
  if (operation !== '') return `calls: { operation: '^${escape(operation)}$' }`
  const segments = path
    .split('/')
    .map((segment) => (identifier.test(segment) && !apiVersion.test(segment) ? '[^/]+' : escape(segment)))
  return `calls: { method: ^${method}$, host: '^${escape(host)}$', path: '^${segments.join('/')}$' }`
}

function escape(text: string): string {
  // Quotes of YAML, too: what is printed should be ready to paste.
  return text.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`).replaceAll("'", "''")
}
