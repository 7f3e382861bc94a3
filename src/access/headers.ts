import type { ServerResponse } from 'node:http'

/** Gives an answer the headers of the web configuration, instead of what its route would set. */
export function ownHeaders(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  const own = Object.entries(headers)
  if (own.length === 0) return
  const names = new Set(own.map(([name]) => name.toLowerCase()))
  const writeHead = response.writeHead.bind(response) as (...parts: unknown[]) => ServerResponse
  response.writeHead = (...parts: unknown[]): ServerResponse => {
    for (const [name, value] of own) response.setHeader(name, value)
    return writeHead(...parts.map((part) => (isHeaders(part) ? without(part, names) : part)))
  }
}

function isHeaders(part: unknown): part is Record<string, unknown> {
  return typeof part === 'object' && part !== null && !Array.isArray(part)
}

function without(headers: Record<string, unknown>, names: ReadonlySet<string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.has(name.toLowerCase())))
}
