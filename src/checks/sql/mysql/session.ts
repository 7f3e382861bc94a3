import type { Socket } from 'node:net'
import type { Attempt } from '../../../net/attempt.ts'
import { Wire } from '../../shared/dialogue/wire.ts'
import { readGreeting, requestTls, type Greeting } from '../../shared/mysql/greeting.ts'
import { maxBytes, type Rows } from '../rows.ts'
import type { SqlCheck } from '../schema.ts'
import type { Begin } from '../begin.ts'
import { logIn } from './login.ts'
import { Packets, strange } from './packets.ts'
import { query, set } from './query.ts'
import { unknownVariable } from './refusal.ts'

const quit = 0x01

/** MySQL and MariaDB: the server speaks first, and TLS begins after that. */
export const beginMysql: Begin = async (socket, { useTls }, { evidence }) => {
  evidence.doing = 'waiting for the greeting of the server'
  const wire = new Wire(socket)
  const greeting = await readGreeting(wire)
  if (useTls) await requestTls(wire, greeting)
  // Whatever comes now was not asked for.
  if (wire.release()) throw strange()
  return (secured, check, run) => readRows(secured, check, run, greeting)
}

async function readRows(socket: Socket, check: SqlCheck, run: Attempt, greeting: Greeting): Promise<Rows> {
  const {
    evidence,
    context: { log, timeoutSeconds },
  } = run
  const { useTls } = check
  log.add('greeting received', { version: greeting.version.slice(0, 100) })
  // The greeting was packet 0, and the request for TLS was one, too.
  const packets = new Packets(new Wire(socket, { maxBytes }), useTls ? 2 : 1, maxBytes)
  evidence.doing = 'logging in'
  await logIn(packets, greeting, check)
  evidence.doing = 'waiting for the rows of the query'
  await set(packets, 'set session transaction read only')
  if (timeoutSeconds !== undefined)
    await set(packets, statementTimeout(greeting, timeoutSeconds), unknownVariable)
  const rows = await query(packets, check.query)
  // A goodbye that nobody waits for.
  await packets.ask(quit)
  return rows
}

/** Each of the two has its own name and unit for it; servers that have neither are left alone. */
function statementTimeout({ version }: Greeting, seconds: number): string {
  return version.includes('MariaDB')
    ? `set session max_statement_time = ${seconds}`
    : `set session max_execution_time = ${Math.ceil(seconds * 1000)}`
}
