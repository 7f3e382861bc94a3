import { RE2JS, RE2JSSyntaxException } from 're2js'
import { memoize } from './memo.ts'
import { seen, ValueError } from './value.ts'

/** A regex of a file of settings, kept with the words it was written in. */
export interface Pattern {
  readonly source: string
  readonly regex: RE2JS
}

/** @throws ValueError for what RE2 does not take, with what of it. */
export const compile = memoize((source: string): RE2JS => {
  try {
    return RE2JS.compile(source)
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error
    // Where the whole pattern is at fault it is in the message already.
    const detail = error.input === null || error.input === source ? undefined : error.input
    throw new ValueError(`${seen} is not a valid RE2 regex: ${error.error}`, detail)
  }
})
