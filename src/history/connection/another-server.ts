import { codeOf } from '../../lib/errors.ts'

/**
 * Whether, after an error, another server may be behind the address, or another database in it: one that was restored, or that
 * took over. So it is where the connection has failed, which has no SQLSTATE or one of the classes 08 and 57P, and where what
 * this version has made is not there, which has 42 or 3F: https://www.postgresql.org/docs/current/errcodes-appendix.html.
 */
export function mayBeAnotherServer(error: unknown): boolean {
  const code = codeOf(error) ?? ''
  return !/^[0-9FHPX][0-9A-Z]{4}$/.test(code) || /^(?:08|57P|42|3F)/.test(code)
}
