import { escapeExpansions } from '../../settings/secrets.ts'
import type { ImportedFile } from './importer.ts'

/** Keeps the secrets of another program's file: `${NAME}` stands for each, and a file of the environment has the values. */
export class Secrets {
  readonly #program: string
  readonly #values = new Map<string, string>()

  /** @param program What every name begins with, such as `KUMA`. */
  constructor(program: string) {
    this.#program = program
  }

  /**
   * @param words What the name is made of.
   * @returns The reference, such as `${KUMA_2_PASSWORD}`.
   */
  keep(value: string, ...words: readonly (string | number)[]): string {
    const wanted = [this.#program, ...words]
      .join('_')
      .replaceAll(/([a-z])(?=[A-Z])/g, '$1_')
      .replaceAll(/\W+/g, '_')
      .toUpperCase()
    let name = wanted
    for (let number = 2; (this.#values.get(name) ?? value) !== value; number++) name = `${wanted}_${number}`
    this.#values.set(name, value)
    return `\${${name}}`
  }

  /** A URL in which a reference stands for the password, if it has one; all else stays as it is. */
  keepInUrl(url: string, ...words: readonly (string | number)[]): string {
    const [, before = '', password = '', after = ''] =
      /^([a-z0-9+.-]+:\/\/[^\s/?#:@]*:)([^\s/?#]+)(@.*)$/is.exec(url) ?? []
    if (password === '') return escapeExpansions(url)
    return escapeExpansions(before) + this.keep(password, ...words) + escapeExpansions(after)
  }

  /** The file with the values; none where there are none. */
  files(name: string): ImportedFile[] {
    if (this.#values.size === 0) return []
    const lines = [...this.#values].map(([variable, value]) => `${variable}=${quoted(value)}\n`)
    return [{ name, text: lines.join(''), isSecret: true }]
  }

  /** What a person has to do with that file. */
  notes(name: string): string[] {
    const unwritable = [...this.#values]
      .filter(([, value]) => quoted(value) === '')
      .map(([variable]) => variable)
    return [
      ...(this.#values.size === 0
        ? []
        : [
            `${name} has the ${this.#values.size === 1 ? 'value of the variable that is a secret: add it' : `values of ${this.#values.size} variables that are secrets: add them`} to .env, or where Probity is started`,
          ]),
      ...unwritable.map(
        (variable) => `${variable} has quotation marks of all kinds: write its value into ${name} yourself`,
      ),
    ]
  }
}

/** A value as Node.js, Docker and systemd read it in such a file; empty where there is no such form. */
function quoted(value: string): string {
  const mark = ["'", '"'].find((one) => !value.includes(one))
  if (mark === undefined) return ''
  return mark === '"' && /[$\\`\n]/.test(value) ? '' : mark + value + mark
}
