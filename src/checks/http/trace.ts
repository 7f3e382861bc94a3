import { randomFillSync } from 'node:crypto'
import type { HttpCheck } from './schema.ts'

const headerName = 'traceparent'

/** https://www.w3.org/TR/trace-context/#traceparent-header-field-values */
const format = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/

/** Servers that record traces are asked to record this one: it is there to be found. */
const sampled = '01'

/** Random bytes that are made together, because to make a few costs as much as to make many. */
const pool = Buffer.alloc(4096)
let used = pool.length

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += bytes
  return pool.toString('hex', used - bytes, used)
}

/** What a request says of its trace. */
interface Traceparent {
  readonly header: string
  readonly traceId: string
  readonly spanId: string
}

/**
 * The trace that the requests of one check have in common, so that what servers recorded of them can be found. Each request is
 * its own span.
 */
export class Trace {
  readonly #id = randomHex(16)

  /** The next request of the check. */
  next(): Traceparent {
    const traceId = this.#id
    const spanId = randomHex(8)
    return { header: `00-${traceId}-${spanId}-${sampled}`, traceId, spanId }
  }
}

/** Whether the requests of a check get their trace from Probity: a header of the user's own takes precedence. */
export function isTraced({ traceparent, headers }: HttpCheck): boolean {
  return traceparent && !Object.keys(headers).some((name) => name.toLowerCase() === headerName)
}

/**
 * What a request says of its trace.
 *
 * @param headers With names in lower case.
 * @param trace Absent: none is added.
 * @returns Nothing where it says nothing that is valid.
 */
export function traceparentOf(
  headers: Readonly<Record<string, string>>,
  trace: Trace | undefined,
): Traceparent | undefined {
  const header = headers[headerName]
  if (header === undefined) return trace?.next()
  const [, traceId, spanId] = format.exec(header) ?? []
  return traceId === undefined || spanId === undefined ? undefined : { header, traceId, spanId }
}
