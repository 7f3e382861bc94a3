/** Attributes that are text, numbers or booleans; others are left out. */
export type Attributes = ReadonlyMap<string, string>

/** A span, as far as a call can be read off it. */
export interface Span {
  /** 3: CLIENT, the side that calls. */
  readonly kind: number
  /** NaN where the start or the end is missing. */
  readonly durationSeconds: number
  readonly attributes: Attributes
  /** Whether its status is ERROR. */
  readonly failed: boolean
}

/** Spans of one program. */
export interface ResourceSpans {
  readonly resource: Attributes
  readonly spans: readonly Span[]
}

/** Seconds between two times in nanoseconds, of which 0 is none. */
export function durationOf(startNanos: bigint, endNanos: bigint): number {
  return startNanos === 0n || endNanos === 0n ? NaN : Number(endNanos - startNanos) / 1e9
}

/** The status of a span that says that it failed. */
export const errorStatus = 2
