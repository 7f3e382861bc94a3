import type { HttpCheck } from '../http/schema.ts'

/** What is expected of an answer of which only the status is judged. @param maxBody Bytes. */
export function statusAlone(status: HttpCheck['expect']['status'], maxBody: number): HttpCheck['expect'] {
  return {
    status,
    headers: [],
    headersIfPresent: [],
    notHeaders: [],
    versions: [],
    json: [],
    cel: [],
    body: { contains: [], notContains: [], matches: [], notMatches: [] },
    maxBody,
  }
}
