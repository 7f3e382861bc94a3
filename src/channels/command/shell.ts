import { isCode, readAsCode, readsCodeFromStdin } from './code.ts'
import { heredocAt, heredocOperatorAt, unusedDelimiter, type HeredocOperator } from './heredoc.ts'
import { isFreeText, templateAt, templatesIn, variableOf } from './template.ts'

/**
 * Replaces the templates in a shell script by references to environment variables, each quoted as the place asks for. The
 * value itself never becomes part of the script: a shell does not read again what a variable expands to. Even where this
 * misjudges a place, all that it inserts is a reference with quotes that close each other, so that what follows means
 * the same as before.
 *
 * Source: POSIX.1-2024, volume 3, section 2 (Shell Command Language).
 *
 * @throws ValueError where the value would be read as code all the same: as a program's name, by `eval`, by another shell.
 */
export function compileShellScript(script: string): string {
  const templates = templatesIn(script)
  if (templates.length === 0) return script
  const compiled = new ShellScript(script)
  const text = compiled.compile(false)
  const found = templates.find(isFreeText)
  // Whether the value gets there, through a pipe or a file, cannot be seen from here.
  if (found && compiled.readsCodeFromStdin()) throw readAsCode(found)
  return text
}

/** One simple command of a script, up to where it has been read. */
interface Command {
  readonly words: string[]
  /** The word that is being read; absent between words. */
  word: string | undefined
}

/** A here-document whose lines are still to come. */
interface Heredoc {
  readonly operator: HeredocOperator
  /** Which piece of the output its delimiter is. */
  readonly piece: number
}

class ShellScript {
  readonly #text: string
  readonly #out: string[] = []
  readonly #commands: Command[] = []
  #at = 0
  #heredocs: Heredoc[] = []

  constructor(text: string) {
    this.#text = text
  }

  /** @param code Whether what the script prints is read as code. */
  compile(code: boolean): string {
    this.#code(undefined, code)
    return this.#out.join('')
  }

  readsCodeFromStdin(): boolean {
    return this.#commands.some(({ words }) => readsCodeFromStdin(words))
  }

  /** Commands, up to a closing parenthesis or to the end. */
  #code(end: ')' | undefined, code: boolean): void {
    let command = this.#begin()
    let depth = 0
    let cases = 0
    const endWord = (): void => {
      if (command.word === undefined) return
      if (command.word === 'case' && isCode(command.words, '')) cases++
      if (command.word === 'esac' && cases > 0) cases--
      command.words.push(command.word)
      command.word = undefined
    }
    const boundary = (length: number): void => {
      endWord()
      this.#copy(length)
      command = this.#begin()
    }
    while (this.#at < this.#text.length) {
      const character = this.#peek()
      if (character === ')' && end === ')' && depth === 0 && cases === 0) {
        endWord()
        this.#copy(1)
        return
      }
      if (character === '\n') {
        boundary(1)
        this.#readHeredocs(code)
      } else if (/[ \t]/.test(character)) {
        endWord()
        this.#copy(1)
      } else if (character === '#' && command.word === undefined) {
        this.#comment()
      } else if (this.#follows('((')) {
        boundary(2)
        depth += 2
        command.words.push('((')
      } else if (/[&|]/.test(character) && /[<>]/.test(this.#text[this.#at - 1] ?? '')) {
        // `>&2` and `>|file` end no command.
        this.#copy(1)
      } else if (/[;&|()]/.test(character)) {
        if (character === '(') depth++
        if (character === ')' && depth > 0) depth--
        boundary(1)
      } else if (this.#follows('<<')) {
        endWord()
        this.#heredocOperator()
      } else {
        this.#word(command, code)
      }
    }
    endWord()
  }

  #begin(): Command {
    const command: Command = { words: [], word: undefined }
    this.#commands.push(command)
    return command
  }

  /** A part of a word. */
  #word(command: Command, code: boolean): void {
    const start = this.#at
    const before = command.word ?? ''
    command.word = before
    if (this.#peek() === "'") this.#single(command, code)
    else if (this.#peek() === '"') this.#double(command, code)
    else if (this.#follows("$'")) this.#ansi(command, code)
    else if (!this.#expansion(command, code, false)) {
      if (!this.#template(command, code, (reference) => `"${reference}"`)) this.#character()
    }
    command.word = before + this.#text.slice(start, this.#at).replace(/^(['"])(.*)\1$/s, '$2')
  }

  #single(command: Command, code: boolean): void {
    this.#copy(1)
    while (this.#until("'")) {
      if (!this.#template(command, code, (reference) => `'"${reference}"'`)) this.#copy(1)
    }
    this.#copy(1)
  }

  #ansi(command: Command, code: boolean): void {
    this.#copy(2)
    while (this.#until("'")) {
      if (!this.#template(command, code, (reference) => `'"${reference}"$'`)) this.#character()
    }
    this.#copy(1)
  }

  #double(command: Command, code: boolean): void {
    this.#copy(1)
    this.#quoted(command, code, '"')
    this.#copy(1)
  }

  /** What is expanded but not split: between double quotes, and in a here-document. */
  #quoted(command: Command, code: boolean, end: string | undefined): void {
    while (this.#until(end)) {
      if (this.#expansion(command, code, true)) continue
      if (!this.#template(command, code, (reference) => reference)) this.#character()
    }
  }

  /** Whatever begins with a dollar sign or a backtick. */
  #expansion(command: Command, code: boolean, quoted: boolean): boolean {
    const printsCode = code || isCode(command.words, command.word ?? '')
    if (this.#follows('$((')) {
      this.#arithmetic(command)
    } else if (this.#follows('$(')) {
      this.#copy(2)
      this.#code(')', printsCode)
    } else if (this.#follows('${') && templateAt(this.#text, this.#at + 1) === undefined) {
      this.#parameter(command, code, quoted)
    } else if (this.#peek() === '`') {
      this.#backticks(printsCode, quoted)
    } else {
      return false
    }
    return true
  }

  /** `$((...))`: a shell evaluates the value of a variable there, and some run commands while they do. */
  #arithmetic(command: Command): void {
    this.#copy(3)
    for (let depth = 2; depth > 0 && this.#until(undefined);) {
      if (this.#template(command, true, (reference) => reference)) continue
      if (this.#peek() === '(') depth++
      if (this.#peek() === ')') depth--
      this.#copy(1)
    }
  }

  /** `${NAME:-word}` and similar forms. */
  #parameter(command: Command, code: boolean, quoted: boolean): void {
    const [head = '${'] = /^\$\{[#!]?\w*(?::?[-=+?]|[#%/]*)/.exec(this.#text.slice(this.#at)) ?? []
    // After anything else, an offset for example, the shell calculates.
    const inner = code || !/[-=+?#%/]$/.test(head)
    this.#copy(head.length)
    while (this.#until('}')) {
      if (this.#peek() === '"') this.#double(command, inner)
      else if (this.#peek() === "'" && !quoted) this.#single(command, inner)
      else if (!this.#expansion(command, inner, quoted)) {
        const quote = (reference: string): string => (quoted ? reference : `"${reference}"`)
        if (!this.#template(command, inner, quote)) this.#character()
      }
    }
    this.#copy(1)
  }

  /** Between backticks backslashes mean something else, so they become `$(...)` where there is something to replace. */
  #backticks(code: boolean, quoted: boolean): void {
    const [whole = '`'] = /^`(?:[^`\\]|\\.)*`?/s.exec(this.#text.slice(this.#at)) ?? []
    if (templatesIn(whole).length === 0) {
      this.#copy(whole.length)
      return
    }
    const inside = whole.slice(1).replace(/`$/, '')
    const script = new ShellScript(inside.replace(quoted ? /\\([$`\\"])/g : /\\([$`\\])/g, '$1'))
    this.#at += whole.length
    // The line feed ends a comment, and the last line of a here-document.
    this.#out.push(`$( ${script.compile(code)}\n)`)
    this.#commands.push(...script.#commands)
  }

  /** Nothing is expanded there, but its quotes must not be taken for quotes. */
  #comment(): void {
    while (this.#until('\n')) this.#copy(1)
  }

  #heredocOperator(): void {
    const operator = heredocOperatorAt(this.#text, this.#at)
    if (operator === undefined) {
      this.#copy(this.#follows('<<<') ? 3 : 2)
      return
    }
    this.#at += operator.lead.length + operator.word.length
    this.#out.push(operator.lead, operator.word)
    this.#heredocs.push({ operator, piece: this.#out.length - 1 })
  }

  #readHeredocs(code: boolean): void {
    const heredocs = this.#heredocs
    this.#heredocs = []
    for (const { operator, piece } of heredocs) {
      const [body, last] = heredocAt(this.#text, this.#at, operator)
      this.#at += body.length + last.length
      if (templatesIn(body).length === 0) this.#out.push(body, last)
      else this.#fillHeredoc(operator, piece, [body, last], code)
    }
  }

  /** Where its delimiter is quoted nothing would be expanded: so it is not, and all else that would be is escaped. */
  #fillHeredoc(
    { quoted, delimiter }: HeredocOperator,
    piece: number,
    text: [string, string],
    code: boolean,
  ): void {
    const [body, last] = text
    const script = new ShellScript(quoted ? body.replace(/[\\$`]/g, '\\$&') : body)
    script.#quoted({ words: ['cat'], word: undefined }, code, undefined)
    this.#commands.push(...script.#commands)
    const name = quoted ? unusedDelimiter(body) : delimiter
    if (quoted) this.#out[piece] = name
    this.#out.push(...script.#out, last === '' ? '' : last.replace(delimiter, () => name))
  }

  /** Replaces the template here by a reference. */
  #template(command: Command, code: boolean, quote: (reference: string) => string): boolean {
    const template = templateAt(this.#text, this.#at)
    if (template === undefined) return false
    if (isFreeText(template) && (code || isCode(command.words, command.word ?? '')))
      throw readAsCode(template)
    this.#out.push(quote(`\${${variableOf(template.name)}}`))
    this.#at += template.source.length
    return true
  }

  #peek(): string {
    return this.#text[this.#at] ?? ''
  }

  #follows(text: string): boolean {
    return this.#text.startsWith(text, this.#at)
  }

  #until(end: string | undefined): boolean {
    return this.#at < this.#text.length && this.#peek() !== end
  }

  /** One character, with the one that a backslash protects. */
  #character(): void {
    this.#copy(this.#peek() === '\\' ? 2 : 1)
  }

  #copy(length: number): void {
    this.#out.push(this.#text.slice(this.#at, this.#at + length))
    this.#at += length
  }
}
