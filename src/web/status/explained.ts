/** Why alerts of a target fire or do not, from one location, in words that may be shown. */
export interface Explained {
  readonly introduction: string
  readonly rules: readonly ExplainedRule[]
  /** What is to say once. */
  readonly footnotes: readonly string[]
  /** The same as data, for programs. */
  readonly data: Readonly<Record<string, unknown>>
}

export interface ExplainedRule {
  readonly headline: string
  readonly state: 'firing' | 'pending' | 'held back' | 'quiet'
  /** What it looks at: any of these ways is enough. */
  readonly ways: readonly (readonly { readonly holds: boolean; readonly text: string }[])[]
  readonly notes: readonly string[]
}

/**
 * Explains the alerts of a target, for each location that it was checked from.
 *
 * @param at Default: now.
 * @returns Nothing where no target that is checked has the name, or where results are not stored yet.
 */
export type Explain = (name: string, at?: Date) => Promise<readonly Explained[] | undefined>
