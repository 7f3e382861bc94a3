import { isMapping } from '../document/parts.ts'
import type { Path } from '../../settings/path.ts'
import { ExpansionError, hasExpansion, type Environment, type Expander } from '../../settings/secrets.ts'

/** A value of a channel whose `${...}` have been put in. */
export interface Expansion {
  readonly value: unknown
  /** What came from outside of the file. */
  readonly secrets: readonly string[]
  /** What is not set, at the keys that need it. */
  readonly unset: readonly { readonly path: Path; readonly reason: string }[]
  readonly errors: readonly { readonly path: Path; readonly message: string }[]
}

export interface ExpansionOptions {
  readonly env: Environment
  readonly expander: Expander
}

/** What a shell runs is left alone: the shell has the environment. */
const shellKeys: ReadonlySet<string> = new Set(['command', 'only_if'])

const token = /\$?\$\{([^}]*)\}/g

/**
 * Puts in what `${...}` stands for. A variable or a file that is missing or empty does not make the file wrong: the key is
 * unset. `${NAME:-}` says that an empty value is meant, which is the same as leaving the key away.
 */
export function expandChannel(written: unknown, { env, expander }: ExpansionOptions): Expansion {
  const secrets = new Set<string>()
  const unset: { path: Path; reason: string }[] = []
  const errors: { path: Path; message: string }[] = []

  function missing(text: string): string | undefined {
    for (const [whole, inner = ''] of text.matchAll(token)) {
      if (whole.startsWith('$$')) continue
      if (/^[A-Za-z_]\w*$/.test(inner) && (env[inner] ?? '') === '') return `${inner} is not set`
      const file = /^file:(.+)$/s.exec(inner)?.[1]
      if (file === undefined) continue
      try {
        if (expander.expand(whole).value === '') return `the secret file ${file} is empty`
      } catch (error) {
        if (!(error instanceof ExpansionError)) throw error
        return error.message
      }
    }
    return undefined
  }

  function expandText(text: string, path: Path): string | undefined {
    if (!hasExpansion(text)) return text
    const reason = missing(text)
    if (reason !== undefined) {
      unset.push({ path, reason })
      return undefined
    }
    try {
      const { value, insertions } = expander.expand(text)
      for (const { start, end } of insertions) secrets.add(value.slice(start, end))
      return value === '' ? undefined : value
    } catch (error) {
      if (!(error instanceof ExpansionError)) throw error
      errors.push({ path, message: error.message })
      return undefined
    }
  }

  function expand(value: unknown, path: Path): unknown {
    if (typeof value === 'string') return expandText(value, path)
    if (Array.isArray(value)) return value.map((item, index) => expand(item, [...path, index]) ?? '')
    if (!isMapping(value)) return value
    const entries = Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
      if (shellKeys.has(key) && typeof item === 'string') return [[key, item]]
      const expanded = expand(item, [...path, key])
      return expanded === undefined ? [] : [[key, expanded]]
    })
    return Object.fromEntries(entries)
  }

  const value = expand(written, [])
  return { value, secrets: [...secrets].filter((secret) => secret !== ''), unset, errors }
}
