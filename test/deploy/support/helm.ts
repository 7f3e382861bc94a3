/** What the templates of a chart can refer to. */
export interface HelmContext {
  readonly Values: Tree
  readonly Release: Tree
}

interface Tree {
  readonly [key: string]: unknown
}

/**
 * Renders a template with the features of Helm that the chart uses: values, `quote`, texts, and `if` around the whole. Everything
 * else is refused, because nobody has said what it means.
 */
export function renderTemplate(text: string, context: HelmContext): string {
  const whole = /^(#.*\n)?\{\{- if (\S+) \}\}\n([\s\S]*)\{\{- end \}\}\n$/.exec(text)
  if (whole) {
    const [, head = '', path = '', body = ''] = whole
    return lookUp(path, context) === true ? renderTemplate(head + body, context) : ''
  }
  return text.replace(/\{\{(.*?)\}\}/gs, (_, expression: string) => evaluate(expression.trim(), context))
}

function evaluate(expression: string, context: HelmContext): string {
  if (expression === '"{{"') return '{{'
  const [, path, quote] = /^(\.[\w.]+)( \| quote)?$/.exec(expression) ?? []
  if (path === undefined) throw new Error(`not a known expression: {{ ${expression} }}`)
  const value = lookUp(path, context)
  if (typeof value !== 'string' && typeof value !== 'number') throw new Error(`${path} has no value`)
  return quote === undefined ? String(value) : JSON.stringify(String(value))
}

function lookUp(path: string, context: HelmContext): unknown {
  return path
    .split('.')
    .slice(1)
    .reduce<unknown>((value, key) => (value as Tree | undefined)?.[key], context)
}
