/** What tokens can be created for, and what each scope lets its bearer do. */
export const scopes = {
  calls: 'report calls',
} as const

export type Scope = keyof typeof scopes
