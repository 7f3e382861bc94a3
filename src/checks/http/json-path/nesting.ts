/** The library parses what is nested in the arguments of a function again and again: two to three times for each level. */
export const deepestNesting = 10

/** How deeply the brackets and parentheses of a JSONPath are nested; those in quotes do not count. */
export function nestingOf(path: string): number {
  let [depth, deepest, quote] = [0, 0, '']
  for (let at = 0; at < path.length; at++) {
    const character = path.charAt(at)
    if (quote !== '') {
      if (character === '\\') at++
      else if (character === quote) quote = ''
    } else if (character === '"' || character === "'") quote = character
    else if (character === '[' || character === '(') deepest = Math.max(deepest, ++depth)
    else if (character === ']' || character === ')') depth--
  }
  return deepest
}
