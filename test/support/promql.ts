import { parser } from '@prometheus-io/lezer-promql'

/** A piece of an expression, by its position. */
export interface Token {
  readonly from: number
  readonly to: number
  readonly text: string
}

/** A matcher of a selector: `name op "value"`. */
export interface Matcher {
  readonly name: string
  readonly op: string
  readonly value: string
}

/**
 * The nodes of these types, in the order of the text. Types are those of Prometheus' own grammar for editors:
 * https://github.com/prometheus/prometheus/blob/main/web/ui/module/lezer-promql/src/promql.grammar
 *
 * @throws Error When the expression does not parse.
 */
function nodes(expr: string, types: ReadonlySet<string>): Token[] {
  const found: Token[] = []
  parser.parse(expr).iterate({
    enter({ type, from, to }) {
      if (type.isError) throw new Error(`not PromQL, at ${from}: ${expr}`)
      if (types.has(type.name)) found.push({ from, to, text: expr.slice(from, to) })
    },
  })
  return found
}

/** The pieces of an expression of some types, which are those of the grammar, with the type of each. */
export function piecesOf(expr: string, types: ReadonlySet<string>): (Token & { readonly type: string })[] {
  const found: (Token & { readonly type: string })[] = []
  parser.parse(expr).iterate({
    enter({ type: { name }, from, to }) {
      if (types.has(name)) found.push({ type: name, from, to, text: expr.slice(from, to) })
    },
  })
  return found
}

/** The metrics that an expression selects by name. */
export function metricsOf(expr: string): string[] {
  return nodes(expr, new Set(['Identifier'])).map(({ text }) => text)
}

/** The label matchers of its selectors. */
export function matchersOf(expr: string): Matcher[] {
  return nodes(expr, new Set(['UnquotedLabelMatcher'])).map(({ text }) => {
    const [, name, op, , value] = /^(\w+)\s*(=~|!~|!=|=)\s*(["'`])(.*)\3$/s.exec(text) ?? []
    if (name === undefined || op === undefined || value === undefined)
      throw new Error(`not a matcher: ${text}`)
    return { name, op, value }
  })
}

/** The alerts that an expression asks for by name: `alertname="A"`, `alertname=~"A|B"`. */
export function alertsNamedIn(expr: string): string[] {
  return matchersOf(expr)
    .filter(({ name }) => name === 'alertname')
    .flatMap(({ value }) => value.split('|'))
}
