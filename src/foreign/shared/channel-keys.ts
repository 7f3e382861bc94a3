import type { Fields } from './fields.ts'
import type { Translation } from './translation.ts'

/** One key of a channel: the key of theirs, whether it is a secret, and whether the channel needs it. */
export interface Key {
  readonly theirs: string
  readonly isSecret?: boolean
  readonly isNeeded?: boolean
  readonly convert?: (text: string, config: Fields) => unknown
}

/** By the name of a key of the channel. */
export type Keys = Readonly<Record<string, Key>>

export const needed = (theirs: string, convert?: Key['convert']): Key => ({
  theirs,
  isNeeded: true,
  ...(convert && { convert }),
})

export const secret = (theirs: string): Key => ({ theirs, isSecret: true, isNeeded: true })

export const optional = (theirs: string, convert?: Key['convert']): Key => ({
  theirs,
  ...(convert && { convert }),
})

/** Addresses of mail, without the names in front of them. */
export const addresses = (text: string): string[] =>
  text
    .split(',')
    .map((one) => (/<([^<>]+)>/.exec(one)?.[1] ?? one).trim())
    .filter((one) => one !== '')

/** A key that the channel needs and that they do not have. */
export function missingIn(keys: Keys, config: Fields): Key | undefined {
  return Object.values(keys).find(({ theirs, isNeeded }) => isNeeded && !config.text(theirs))
}

export interface ChannelParts {
  readonly translation: Translation
  /** Keeps a secret. @returns The reference to it. */
  readonly keep: (ours: string, text: string) => string
  /** Whether their texts have references to variables, as ours do. Default: they are texts. */
  readonly hasReferences?: boolean
}

/** Sets the keys of a channel of notify.yml. */
export function translateChannel(
  type: string,
  keys: Keys,
  config: Fields,
  { translation, keep, hasReferences = false }: ChannelParts,
): void {
  translation.set(['type'], type, config.at('type'))
  for (const [ours, { theirs, isSecret = false, convert = (text: string) => text }] of Object.entries(keys)) {
    const text = config.text(theirs) ?? ''
    if (text === '') continue
    const value = convert(text, config)
    if (isSecret) translation.refer([ours], keep(ours, text), config.at(theirs))
    else if (hasReferences && typeof value === 'string') translation.refer([ours], value, config.at(theirs))
    else translation.set([ours], value, config.at(theirs))
  }
}
