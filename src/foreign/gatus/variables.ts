/**
 * Says Gatus' variables in ours: `$NAME` and `${NAME}` are the same there, and `$$` is a dollar.
 *
 * Source: https://pkg.go.dev/os#Expand
 */
export function withReferences(value: unknown): unknown {
  if (typeof value === 'string') return reference(value)
  if (Array.isArray(value)) return value.map(withReferences)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withReferences(item)]))
}

function reference(text: string): string {
  return text.replace(
    /\$(?:(\$)(\{?)|\{(\w+)\}|([A-Za-z_]\w*))/g,
    (_all, dollar?: string, brace = '', braced?: string, bare?: string) => {
      if (dollar !== undefined) return brace === '{' ? '$${' : '$'
      return `\${${braced ?? bare ?? ''}}`
    },
  )
}
