/** Names that Python's Minitor gives to `str.format`. */
const fields = 'alert_count|alert_message|failure_count|last_output|last_success|monitor_name'

const brace = new RegExp(String.raw`\$\{[^}]*\}|\{\{|\}\}|\{(?:${fields})\}|[{}]`, 'g')

/**
 * Undoes what `str.format` makes of braces: `{{` is a brace. Python's Minitor crashes on any other brace, so that a text with
 * one was not written for it, and is left alone.
 *
 * Source: https://docs.python.org/3/library/string.html#format-string-syntax
 */
export function unescapeBraces(text: string): string {
  const found = Array.from(text.matchAll(brace), ([token]) => token)
  if (found.some((token) => token === '{' || token === '}')) return text
  return text.replace(brace, (token) => (token === '{{' ? '{' : token === '}}' ? '}' : token))
}

const conditional =
  /\{\{\s*if\s+(not\s+)?\.IsUp\s*\}\}((?:(?!\{\{\s*(?:if|else|end)\b).)*)(?:\{\{\s*else\s*\}\}((?:(?!\{\{\s*(?:if|end)\b).)*))?\{\{\s*end\s*\}\}/gs

/** Whether a text of Go's Minitor says one thing when a monitor is down and another when it is up again. */
export function hasConditional(text: string): boolean {
  return text.search(conditional) !== -1
}

/** Takes the side of `{{if .IsUp}}...{{else}}...{{end}}` that holds. */
export function decideConditionals(text: string, isUp: boolean): string {
  return text.replace(
    conditional,
    (_whole, not: string | undefined, then: string, otherwise: string | undefined) =>
      isUp === (not === undefined) ? then : (otherwise ?? ''),
  )
}

const action = /\{\{[^{}]*\}\}/g
const known = /^\{\{\s*\.(?:AlertCount|FailureCount|LastCheckOutput|LastSuccess|MonitorName|IsUp)\s*\}\}$/

/** Actions of Go's templates that are not carried out: they stay in the text as they are. */
export function otherActions(text: string): string[] {
  const decided = decideConditionals(text, true) + decideConditionals(text, false)
  const actions = decided.match(action) ?? []
  return [...new Set(actions.filter((source) => !known.test(source) && /\.[A-Z]|\bend\b/.test(source)))]
}
