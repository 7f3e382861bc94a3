import { readGreeting, requestTls } from '../../mysql/greeting.ts'
import type { Wire } from '../wire.ts'

/** https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase.html */
export async function mysql(wire: Wire): Promise<void> {
  await requestTls(wire, await readGreeting(wire))
}
