import type { Call } from 'probity-client/wire'

/** Names of errors, not messages: these may hold what is nobody's business. */
const name = /^[\p{L}_$][\p{L}\p{N}_.:$-]{0,59}$/u

/** What a call failed with: its status, or the name of its error; `none` if it had no response and says no more. */
export function errorName({ status, error }: Pick<Call, 'status' | 'error'>): string {
  if (status !== undefined && status > 0) return String(status)
  if (error === '') return 'none'
  return name.test(error) ? Buffer.from(error).toString() : 'unnamed'
}
