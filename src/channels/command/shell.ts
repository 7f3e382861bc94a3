import { hasValue, mark, whyRefused } from './programs.ts'
import { markOf, refusal, templateAt, templatesIn, variableOf } from './template.ts'

/**
 * Replaces the templates in a shell script by references to environment variables, each quoted as the place asks for. The value
 * itself never becomes part of the script: a shell does not read again what a variable expands to.
 *
 * Only plain scripts are read: words, bare or between quotes, variables, `$(...)` without parentheses inside, redirections, and
 * what stands between commands. What is read here means the same in every shell. A script that has more is refused, and
 * can name the variables itself.
 *
 * Source: POSIX.1-2024, volume 3, section 2 (Shell Command Language).
 *
 * @throws ValueError where a value cannot be put in, or would be read as code.
 */
export function compileShellScript(script: string): string {
  return templatesIn(script).length === 0 ? script : new Script(script).compile()
}

/** One simple command, up to where it has been read. */
interface Command {
  /** Whether a value may come in on its stdin. */
  readonly fed: boolean
  readonly words: string[]
  /** The word that is being read, without its quotes; absent between words. */
  word: string | undefined
  /** Whether the word may become other words: it has `*`, `?`, `[` or braces without quotes. */
  isPattern: boolean
  /** Whether the word is the file of a redirection. */
  isFile: boolean
  isEmpty: boolean
}

const between = { word: undefined, isPattern: false, isFile: false }

const begin = (fed: boolean): Command => ({ fed, words: [], isEmpty: true, ...between })

/** They make more of a script than a list of commands. */
const keywords =
  /^(?:[!{}]|\[\[|case|coproc|do|done|elif|else|esac|fi|for|function|if|in|select|then|until|while)$/

/** A variable, with a plain text for when it is not set. `$_` is what the command before had, a value perhaps. */
const variable = /\$(?!\{?_\b)(?:[A-Za-z_]\w*|\d|[@*#?$!]|\{\w+(?::?[-+?][^{}()'"`\\$]*)?\})/y

class Script {
  readonly #text: string
  #out = ''
  #at = 0
  #isNested = false

  constructor(text: string) {
    this.#text = text
  }

  compile(): string {
    this.#list(false)
    return this.#out
  }

  /** Commands. @returns Whether a value may be in what they print. */
  #list(fed: boolean): boolean {
    let command = begin(fed)
    let prints = false
    for (;;) {
      this.#words(command)
      if (this.#sees(this.#isNested ? /$/y : /\)/y)) this.#unreadable()
      const end = this.#take(/&&|\|\|?|[;\n)]|&(?!>)/y)
      const tainted = this.#end(command)
      prints ||= tainted
      if (end === '' || end === ')') return prints
      if (!command.isEmpty) command = begin(end === '|' ? tainted : fed)
      // Without a command only a line may end: `|&` and `;;` mean something else.
      else if (end !== '\n') this.#refuse(`expected a command, got ${end}`)
    }
  }

  #words(command: Command): void {
    while (!this.#sees(/$|[;|\n)]|&(?!>)/y)) {
      if (this.#take(/[ \t](?:[ \t]|\\\n)*/y)) this.#endWord(command)
      else if (command.word !== undefined && this.#sees(/[<>]/y)) this.#endWord(command)
      else if (command.word !== undefined || !this.#begins(command)) {
        command.isEmpty = false
        const before = command.word ?? ''
        command.word = before + this.#bare(command)
      }
    }
  }

  /** What may stand between words: a redirection, or a comment. */
  #begins(command: Command): boolean {
    if (this.#isNested && this.#sees(/#/y)) this.#unreadable()
    if (this.#take(/#[^\n]*/y)) return true
    if (!this.#take(/\d*(?:>>|>[|&]?|<&?)(?![<>(&|])/y)) return false
    if (command.isFile) this.#unreadable()
    command.isFile = true
    command.isEmpty = false
    return true
  }

  #endWord(command: Command): void {
    const { word, words, isFile, isPattern } = command
    if (word === undefined) return
    const isAssignment = words.length === 0 && /^\w+\+?=/.test(word)
    if (hasValue(word)) {
      if (isFile || isAssignment)
        this.#refuse(
          `expected it in an argument, got it in ${isFile ? 'the name of a file' : 'an assignment'}`,
        )
      if (isPattern) this.#refuse('expected quotes around * ? [ ] { } in the same word')
    }
    if (!isFile && !isAssignment) words.push(word)
    Object.assign(command, between)
  }

  /** @returns Whether a value is in the command, or may come in on its stdin. */
  #end(command: Command): boolean {
    this.#endWord(command)
    const { words, fed, isFile } = command
    if (isFile) this.#unreadable()
    if (keywords.test(words[0] ?? '')) this.#refuse(`expected a plain command, got ${words[0]}`)
    if (words.length === 0 || !(fed || words.some(hasValue))) return false
    const why = whyRefused(words, fed)
    if (why !== undefined) this.#refuse(why)
    return true
  }

  /** A part of a word. @returns It without its quotes. */
  #bare(command: Command): string {
    if (this.#take(/'/y)) return this.#quoted(/'/y, () => this.#single())
    if (this.#take(/"/y)) return this.#quoted(/"/y, () => this.#double(command))
    const plain = this.#template('"', '"') || this.#take(/[^ \t\n;&|<>()'"\\$`{]+|\{/y)
    if (/[*?[\]{}]/.test(plain)) command.isPattern = true
    return plain || this.#take(/\\[^\n]/y).slice(1) || this.#expansion(command, false)
  }

  /** Up to the end of quotes that have begun. */
  #quoted(end: RegExp, part: () => string): string {
    let text = ''
    while (!this.#take(end)) text += part()
    return text
  }

  #single(): string {
    return this.#template(`'"`, `"'`) || this.#take(/[^'{]+|\{/y) || this.#unreadable()
  }

  #double(command: Command): string {
    const plain = this.#template('', '') || this.#take(/[^"\\$`{]+|\{/y)
    return plain || this.#take(/\\[^]/y).replace(/^\\(?=[$`"\\])/, '') || this.#expansion(command, true)
  }

  /** A variable or `$(...)`. */
  #expansion({ fed }: Command, isQuoted: boolean): string {
    if (this.#take(variable)) return mark.other
    if (this.#isNested || !this.#take(/\$\((?!\()/y)) this.#unreadable()
    this.#isNested = true
    const tainted = this.#list(fed)
    this.#isNested = false
    if (tainted && !isQuoted) this.#refuse('expected double quotes around $(...)')
    return tainted ? mark.text : mark.other
  }

  /** Replaces the template here, if there is one. @returns Its mark. */
  #template(before: string, after: string): string {
    const template = templateAt(this.#text, this.#at)
    if (template === undefined) return ''
    this.#at += template.source.length
    this.#out += `${before}\${${variableOf(template.name)}}${after}`
    return markOf(template)
  }

  #sees(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at
    return pattern.test(this.#text)
  }

  /** Copies what a pattern matches here. */
  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const [taken = ''] = pattern.exec(this.#text) ?? []
    this.#at += taken.length
    this.#out += taken
    return taken
  }

  #unreadable(): never {
    const found = this.#text.slice(this.#at, this.#at + 2)
    this.#refuse(
      `expected a plain script (words, quotes, variables, $(...), pipes and redirections), got ${found || 'its end'}`,
    )
  }

  #refuse(why: string): never {
    throw refusal(templatesIn(this.#text), why)
  }
}
