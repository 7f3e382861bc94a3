/**
 * Says the collector's variables in ours: `${env:NAME:-default}` and `${NAME}`; `${file:path}` is the same, and `$$` is a dollar.
 *
 * Source: https://opentelemetry.io/docs/collector/configuration/#environment-variables
 */
export function withReferences(value: unknown): unknown {
  if (typeof value === 'string') return reference(value)
  if (Array.isArray(value)) return value.map(withReferences)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withReferences(item)]))
}

function reference(text: string): string {
  return text.replaceAll(/\$\$(\{?)|\$\{env:/g, (found, brace?: string) => {
    if (found === '${env:') return '${'
    return brace === '{' ? '$${' : '$'
  })
}
