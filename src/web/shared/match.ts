/** What a person filters by. The form works without a script, so both sides of the page use this. */
export interface Filter {
  /** Words that must all occur in what is known of a target. */
  readonly text: string
  /** Empty: any. */
  readonly state: string
  /** `name=value`; empty: any. */
  readonly label: string
}

export interface Matched {
  /** Everything that is searched, in lower case. */
  readonly text: string
  readonly state: string
  /** Each as `name=value`. */
  readonly labels: readonly string[]
}

/** Whether to show a target. */
export function matches({ text, state, label }: Filter, target: Matched): boolean {
  if (state !== '' && state !== target.state) return false
  if (label !== '' && !target.labels.includes(label)) return false
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => target.text.includes(word))
}
