import type { z } from 'zod'

/** One method of one path, as the documentation has it. */
export interface Operation {
  readonly method: 'get' | 'post' | 'delete'
  /** `/api/v1/targets/{name}`. */
  readonly path: string
  readonly summary: string
  readonly parameters?: readonly Parameter[]
  readonly body?: Content
  /** By status. */
  readonly answers: Readonly<Record<number, Answer>>
}

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly description: string
  readonly schema: Readonly<Record<string, unknown>>
}

export interface Content {
  readonly type: string
  readonly shape?: z.ZodType
}

export interface Answer {
  readonly description: string
  /** Absent where there is no body worth a word. */
  readonly content?: Content
}

/** An answer in JSON. */
export function json(description: string, shape: z.ZodType): Answer {
  return { description, content: { type: 'application/json', shape } }
}
