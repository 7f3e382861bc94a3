import { ValueError } from '../../settings/values/value.ts'
import { variableOf, type Template } from './template.ts'

/**
 * Which words of a command are read as code by the program that gets them. A value that comes from outside must not stand
 * there, however well it is quoted: no quoting reaches through a second interpreter.
 *
 * The list cannot be complete; what is on it is what people write.
 */
const interpreters =
  /^(?:(?:ba|da|z|k|mk|a|fi)?sh|python[\d.]*|perl|ruby|node|php|lua|su|runuser|sg|flock|script)$/

const shells = /^(?:ba|da|z|k|mk|a|fi)?sh$/

/** `-c`, also at the end of several: `sh -ec CODE`. */
const codeOption = /^(?:-[A-Za-z]*[cer]|--command|--eval)$/

/** The same with the code in the same word. */
const attachedCode = /^(?:-[A-Za-z]*[cer]|--(?:command|eval)=)/

/** Every argument of theirs is code, or may be an option that names a program. */
const alwaysCode = new Set([
  '((',
  '.',
  '[[',
  'alias',
  'awk',
  'declare',
  'eval',
  'gawk',
  'let',
  'local',
  'mawk',
  'parallel',
  'read',
  'sed',
  'source',
  'ssh',
  'trap',
  'typeset',
  'unset',
  'watch',
])

/** What may stand before a program's name. */
const keywords = new Set(['!', '{', 'do', 'elif', 'else', 'if', 'then', 'until', 'while'])
const wrappers = new Set([
  'builtin',
  'busybox',
  'chroot',
  'command',
  'doas',
  'env',
  'exec',
  'ionice',
  'nice',
  'nohup',
  'setsid',
  'stdbuf',
  'sudo',
  'time',
  'timeout',
  'xargs',
])

const assignment = /^\w+\+?=/

/**
 * Whether the next word would be read as code, or as the name of a program to run.
 *
 * @param words The words of the command so far.
 * @param begun What stands before the value in its own word.
 */
export function isCode(words: readonly string[], begun: string): boolean {
  const { program, args } = partsOf(words)
  if (program === undefined) return !assignment.test(begun)
  const last = args.at(-1) ?? ''
  if (alwaysCode.has(program)) return true
  if (interpreters.test(program)) return codeOption.test(last) || attachedCode.test(begun)
  return /^-exec(?:dir)?$/.test(last) || (/^(?:printf|test|\[)$/.test(program) && last === '-v')
}

/** Whether the next word is a script for a shell. */
export function isShellScript(words: readonly string[]): boolean {
  const { program, args } = partsOf(words)
  return program !== undefined && shells.test(program) && /^-[A-Za-z]*c$/.test(args.at(-1) ?? '')
}

/** Whether what comes in on stdin is read as code. */
export function readsCodeFromStdin(words: readonly string[]): boolean {
  const { program = '', args } = partsOf(words)
  if (/^(?:at|batch|crontab)$/.test(program)) return true
  if (program === 'ssh') {
    const remote = operandsOf(args, /^-\w*[BbcDEeFIiJLlmOopQRSWw]$/).slice(1)
    return remote.length === 0 || readsCodeFromStdin(remote)
  }
  if (!interpreters.test(program)) return false
  // `xargs sh -c` puts it there.
  if (args.includes('-s') || codeOption.test(args.at(-1) ?? '')) return true
  return !args.some((word) => codeOption.test(word)) && operandsOf(args, /^-o$/).length === 0
}

/** The arguments that are not options, where some options take a value. */
function operandsOf(args: readonly string[], takesValue: RegExp): string[] {
  return args.filter(
    (word, index) =>
      (word === '-' ? false : !word.startsWith('-')) && !takesValue.test(args[index - 1] ?? ''),
  )
}

function partsOf(words: readonly string[]): { program: string | undefined; args: readonly string[] } {
  let wrapped = false
  for (const [index, word] of words.entries()) {
    const name = word.replace(/^.*\/(?=.)/, '')
    if (wrappers.has(name)) wrapped = true
    else if (!isBeforeProgram(word, wrapped)) return { program: name, args: words.slice(index + 1) }
  }
  return { program: undefined, args: [] }
}

function isBeforeProgram(word: string, wrapped: boolean): boolean {
  if (keywords.has(word) || assignment.test(word)) return true
  return wrapped && /^(?:-.*|\d+[smhd]?)$/.test(word)
}

/** Why a template is refused. */
export function readAsCode({ source, name }: Template): ValueError {
  const variable = `"$${variableOf(name)}"`
  return new ValueError(
    `the value of ${source} would be read as code there: pass it on stdin, or let the program read ${variable} from its environment`,
  )
}
