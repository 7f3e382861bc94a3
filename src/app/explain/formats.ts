import { cut, oneLine, visible } from '../../lib/text/text.ts'
import type { Explanation } from '../../alerts/explain/explanation.ts'
import { footnotes, introduction, wordsOf, type RuleWords } from '../../alerts/explain/words.ts'

/** Names of quiet targets that are listed. */
const maxNames = 20

/** Explanations for a terminal: of a target all that there is to say, of an alert the targets that it is about. */
export function asText(all: readonly Explanation[], alertname: string | undefined): string {
  if (alertname === undefined) return all.map(textOf).join('\n')
  const isQuiet = ({ rules }: Explanation): boolean => rules.every(({ state }) => state === 'quiet')
  const quiet = [...new Set(all.filter(isQuiet).map(({ target }) => oneLine(target)))]
  const more = quiet.length > maxNames ? `, and ${quiet.length - maxNames} others` : ''
  const names = cut(quiet.slice(0, maxNames).join(', '), 1000)
  const rest = quiet.length === 0 ? [] : [`${alertname} does not fire for: ${names}${more}.\n`]
  return [...all.filter((one) => !isQuiet(one)).map(textOf), ...rest].join('\n')
}

function textOf(explanation: Explanation): string {
  const parts = [introduction(explanation), ...wordsOf(explanation).map(ruleText), ...footnotes(explanation)]
  return `${parts.map(visible).join('\n\n')}\n`
}

function ruleText({ headline, ways, notes }: RuleWords): string {
  const looked = ways.flatMap((way, index) => {
    const head = ways.length === 1 ? [] : [index === 0 ? '  Either:' : '  Or:']
    return [...head, ...way.map(({ holds, text }) => `  ${holds ? 'yes' : 'no '}  ${text}`)]
  })
  return [headline, ...looked, ...notes.map((note) => `  ${note}`)].join('\n')
}
