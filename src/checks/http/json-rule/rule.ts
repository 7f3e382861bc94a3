/** A value of JSON, as JSON: no number is rounded, and it can be sent to a thread. */
export type Json = string

/** What is expected of a value. Everything that is there must hold. */
export interface Comparisons {
  readonly equals?: Json
  readonly one_of?: readonly Json[]
  /** Numbers: greater than, at least, less than, at most. */
  readonly gt?: Json
  readonly gte?: Json
  readonly lt?: Json
  readonly lte?: Json
  /** The sources of regexes, all of which match the text, or the number as it is written. */
  readonly matches?: readonly string[]
  /** Parts of a text, items of a list, or names of a mapping, all of which are there. */
  readonly contains?: readonly Json[]
  /** Of the characters of a text, the items of a list or the members of a mapping: how many there are. */
  readonly length?: Comparisons
  readonly not?: Comparisons
  /** Whether anything is there, `null` included. Only at the top. */
  readonly exists?: boolean
}

export type Operator = keyof Comparisons

/** What a JSONPath must select: at least one value that is as expected, and none that `not` describes. */
export interface JsonRule {
  readonly path: string
  readonly expected: Comparisons
}
