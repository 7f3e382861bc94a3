import type { RE2JS } from 're2js'

/** A regex of a file of settings, kept with the words it was written in. */
export interface Pattern {
  readonly source: string
  readonly regex: RE2JS
}
