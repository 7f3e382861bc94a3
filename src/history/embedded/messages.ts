/** A statement for the thread of the built-in database. */
export interface Question {
  /** From 1. The answer with 0 says whether the database is open. */
  readonly id: number
  readonly statement: string
  /** Absent where there are several statements. */
  readonly parameters?: readonly unknown[]
}

/** What the thread says to a question. Errors lose their fields between threads: theirs are sent by name. */
export interface Answer {
  readonly id: number
  readonly rows?: unknown[]
  readonly error?: { readonly message: string; readonly code?: string }
}
