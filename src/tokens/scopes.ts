/** What tokens can be created for, and what each scope lets its bearer do. */
export const scopes = {
  calls: 'report calls',
} as const

export type Scope = keyof typeof scopes

/** Whether a word is one of the scopes. */
export function isScope(word: string): word is Scope {
  return Object.hasOwn(scopes, word)
}
