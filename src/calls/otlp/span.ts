/** Attributes that are text, numbers or booleans; others are left out, and so are those that no call is made of. */
export type Attributes = ReadonlyMap<string, string>

/** The parts of a span that describe a call. */
export interface Span {
  /** 3: CLIENT, the side that calls. */
  readonly kind: number
  /** Cut to a length that bounds its memory. */
  readonly name: string
  /** NaN where the start or the end is missing. */
  readonly durationSeconds: number
  readonly attributes: Attributes
  /** Whether its status is ERROR. */
  readonly failed: boolean
  /** 32 hexadecimal digits; empty where it is not a valid one. */
  readonly traceId: string
}

/** A span, and what is said of the program that made it. */
export interface ResourceSpan {
  readonly resource: Attributes
  readonly span: Span
}

/** What a decoder yields; undefined is a place at which others may have their turn. */
export type Decoded = Generator<ResourceSpan | undefined>

/** Seconds between two times in nanoseconds, of which 0 is none. */
export function durationOf(startNanos: bigint, endNanos: bigint): number {
  return startNanos === 0n || endNanos === 0n ? NaN : Number(endNanos - startNanos) / 1e9
}

/** An ID in hexadecimal digits as it is shown; empty for what is not an ID, such as one of zeros only. */
export function traceIdOf(hex: string): string {
  return /^(?!0+$)[\da-f]{32}$/i.test(hex) ? hex.toLowerCase() : ''
}

/** The kinds of spans of the side that calls. */
export const clientKind = 3
export const producerKind = 4

/** The status of a span that says that it failed. */
export const errorStatus = 2
