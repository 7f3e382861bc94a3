import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import { loadProgram } from '../../../src/cli.ts'

/** Words of a shell, without quotes; what is after `#` is a comment. */
export function wordsOf(line: string): string[] {
  const words: string[] = []
  const pattern = /'([^']*)'|"((?:[^"\\]|\\.)*)"|(#.*$)|((?:[^\s'"\\]|\\.)+)|(\s+)/g
  let word: string | undefined
  for (const [, single, double, comment, bare, blank] of line.matchAll(pattern)) {
    if (comment !== undefined && word === undefined) break
    if (blank !== undefined) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + (single ?? double ?? comment ?? bare ?? '')
  }
  return word === undefined ? words : [...words, word]
}

/** The simple commands of a block of shell lines, each as its words. */
export function commandsOf(text: string): string[][] {
  return text
    .split('\n')
    .map((line) => line.replace(/^(?:[\d*]+ ){5}/, ''))
    .flatMap((line) => withoutSubstitutions(line))
    .flatMap((line) => outsideQuotes(line))
    .map((command) => wordsOf(command))
    .map((words) => words.slice(words.findIndex((word) => !/^(?:\w+=.*|sudo|export)$/s.test(word))))
    .filter((words) => words.length > 0 && !/^(?:\w+=.*|export)$/s.test(words[0] ?? ''))
}

/** What is in `$(...)` as lines of their own. */
function withoutSubstitutions(line: string): string[] {
  const inner: string[] = []
  const outer = line.replaceAll(/\$\(([^)]*)\)/g, (_whole, command: string) => {
    inner.push(command)
    return 'SUBSTITUTED'
  })
  return [outer, ...inner]
}

/** The parts of a line between `&&`, `|` and `;`, which also stand in quotes. */
function outsideQuotes(line: string): string[] {
  const parts: string[] = []
  let part = ''
  for (const [piece] of line.matchAll(/'[^']*'|"(?:[^"\\]|\\.)*"|#.*$|&&|\||;|[^'"#&|;]+|./g))
    if (['&&', '|', ';'].includes(piece)) {
      parts.push(part)
      part = ''
    } else part += piece
  return [...parts, part].filter((each) => each.trim() !== '')
}

/** What stands before a command of Probity, such as `npx` or a way into a container. */
const ways = [
  /^(?:npx )?probity /,
  /^docker compose exec (?:-T )?exporter node bin\/probity\.cjs /,
  /^kubectl exec --namespace probity deploy\/exporter -- node bin\/probity\.cjs /,
  /^docker run (?:-\S+ \S+ )*\S*probity\S* /,
]

/** What `probity` is given; nothing where the command is another program's. */
export function probityArguments(words: readonly string[]): string[] | undefined {
  const line = `${words.join('\0').replaceAll(' ', '\u0001').replaceAll('\0', ' ')} `
  const way = ways.find((each) => each.test(line))
  if (!way) return undefined
  return line
    .replace(way, '')
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => word.replaceAll('\u0001', ' '))
    .filter((word, index, all) => !/^\d?>/.test(word) && !/^\d?>$/.test(all[index - 1] ?? ''))
}

/** Reads arguments as the program does, without doing what they say. @throws CommanderError What is wrong with them. */
export async function readArguments(args: readonly string[]): Promise<void> {
  const program = await loadProgram((name) => name === args[0])
  onlyRead(program)
  await program.parseAsync(args, { from: 'user' })
}

function onlyRead(command: CommandUnknownOpts): void {
  command.exitOverride().configureOutput({ writeOut: () => undefined, writeErr: () => undefined })
  // A command with others below it may do something by itself, such as `report`.
  const { _actionHandler: handler } = command as unknown as { readonly _actionHandler: unknown }
  if (handler) command.action(() => undefined)
  for (const each of command.commands) onlyRead(each)
}
