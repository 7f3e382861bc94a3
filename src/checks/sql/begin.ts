import type { Socket } from 'node:net'
import type { Attempt } from '../../net/attempt.ts'
import type { Rows } from './rows.ts'
import type { SqlCheck } from './schema.ts'

/**
 * Says what comes before TLS, on a connection that is there already.
 *
 * @returns What logs in and reads the rows of the query in a session that cannot write, over the connection as it is then.
 * @throws ProbeFailure `tls` where the server does not offer it.
 */
export type Begin = (
  socket: Socket,
  check: SqlCheck,
  run: Attempt,
) => Promise<(secured: Socket, check: SqlCheck, run: Attempt) => Promise<Rows>>
