import { formatDuration } from '../../settings/values/duration.ts'
import { escapeExpansions } from '../../settings/secrets.ts'
import type { Path } from '../../settings/path.ts'
import type { Secrets } from '../shared/secrets.ts'
import { Translation } from '../shared/translation.ts'
import type { Given } from './options.ts'

/** Macros that only the server of Nagios knows: a file that others cannot read has their values. */
const userMacro = /\$USER(\d+)\$/g

/** A command line, and the target that is made of it. */
export class CheckLine {
  readonly translation = new Translation()
  readonly secrets: Secrets
  /** What the line checks, for names of secrets. */
  readonly name: string
  readonly #given: Given
  /** `services.cfg:12` */
  readonly #place: string
  readonly #asked = new Set(['v', 'V', 'h'])

  constructor(given: Given, { place, name, secrets }: { place: string; name: string; secrets: Secrets }) {
    this.#given = given
    this.#place = place
    this.name = name
    this.secrets = secrets
  }

  /** The first value of an option. */
  text(key: string): string | undefined {
    return this.texts(key)[0]
  }

  /** All values of an option. */
  texts(key: string): string[] {
    this.#asked.add(key)
    return (this.#given.options.get(key) ?? []).filter((value) => value !== true)
  }

  has(key: string): boolean {
    this.#asked.add(key)
    return this.#given.options.has(key)
  }

  /** What stands behind the options. */
  rest(index: number): string | undefined {
    return this.#given.rest[index]
  }

  /** Sets a key to a text in which macros of the server become variables. */
  put(ours: Path, text: string): void {
    this.translation.refer(ours, withVariables(text), [])
  }

  /** Sets a key to a reference to a secret. */
  putSecret(ours: Path, text: string, word: string): void {
    const isMacro = text.replaceAll(userMacro, '') === ''
    this.translation.refer(ours, isMacro ? withVariables(text) : this.secrets.keep(text, this.name, word), [])
  }

  set(ours: Path, value: unknown): void {
    this.translation.set(ours, value, [])
  }

  /** Sets a duration of so many seconds; those that cannot be are left out. */
  setSeconds(ours: Path, seconds: number | undefined): void {
    if (seconds !== undefined && seconds > 0 && seconds < 86_400)
      this.set(ours, formatDuration(Math.max(0.001, Math.round(seconds * 1000) / 1000)))
  }

  lose(option: string, message: string): void {
    this.translation.lose([], this.#placed(option, message))
  }

  note(option: string, message: string): void {
    this.translation.note([], this.#placed(option, message))
  }

  /** Notes every option that nobody has asked for. */
  loseOthers(): void {
    const left = [...this.#given.options.keys()].filter((key) => !this.#asked.has(key))
    for (const key of left) this.lose(key.length > 1 ? `--${key}` : `-${key}`, 'is not supported here')
    for (const key of this.#given.unknown) this.lose(key, 'is not an option of the plugin')
  }

  #placed(option: string, message: string): string {
    return `${this.#place}: ${option}${option === '' ? '' : ': '}${message}`
  }
}

function withVariables(text: string): string {
  return escapeExpansions(text).replaceAll(userMacro, (_all, number: string) => `\${NAGIOS_USER${number}}`)
}

/** The variables that stand for macros of the server in a text. */
export function variablesIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\$\{(NAGIOS_USER\d+)\}/g)].map(([, name = '']) => name))]
}

/** The upper limit of a threshold such as `5`, `1.5`, `0:5` or `:5`. */
export function limitOf(text: string | undefined): number | undefined {
  const [, limit] = /^(?:[\d.~]*:)?([\d.]+)$/.exec(text?.trim() ?? '') ?? []
  const number = Number(limit)
  return limit === undefined || Number.isNaN(number) ? undefined : number
}
