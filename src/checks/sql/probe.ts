import type { Failure } from '../../net/failure.ts'
import { measured } from '../../net/measured.ts'
import { reach } from '../../net/reach.ts'
import { systemLookup } from '../../net/resolve.ts'
import { prepare, secure } from '../../net/tls/secure.ts'
import { createTrustStore } from '../../net/tls/trust-store.ts'
import { parseDocument } from '../http/json-path/document.ts'
import { Steps } from '../http/json-path/steps.ts'
import { holds } from '../http/json-rule/holds.ts'
import type { Comparisons } from '../http/json-rule/rule.ts'
import { discovery, expectation } from '../http/json-rule/words.ts'
import type { Prober } from '../result.ts'
import { attempt } from '../shared/attempt.ts'
import type { ServiceProberOptions } from '../shared/service/open.ts'
import type { SqlResult } from './result.ts'
import { maxRows, type Rows } from './rows.ts'
import type { SqlCheck } from './schema.ts'
import { sessions } from './session.ts'

/** Work that may be done to judge the first row. */
const maxSteps = 100_000

/** Makes a prober that makes a query and judges its rows. */
export function createSqlProber({
  authorities,
  lookup = systemLookup,
}: ServiceProberOptions = {}): Prober<SqlCheck> {
  const trust = createTrustStore(authorities)
  return async (check, context) => {
    const { address: target, useTls, tls: settings } = check
    if (useTls) prepare(trust, settings)
    let seen: SqlResult = {}
    return attempt(context, {
      details: () => ({ sql: seen }),
      work: async (run) => {
        const { socket, address } = await reach(target, check, lookup, run)
        const tell = (seconds: number): void => {
          const { phases } = run.evidence
          phases.processing = (phases.processing ?? 0) + seconds
        }
        const read = await measured(run, tell, () => sessions[check.system](socket, check, run))
        const secured = useTls
          ? await secure(socket, { settings, trust, host: target.host, address }, run)
          : socket
        const rows = await measured(run, tell, () => read(secured, check, run))
        seen = { rows: rows.count }
        context.log.add('rows read', { rows: rows.count, more: rows.more })
        return judge(rows, check)
      },
    })
  }
}

/** The prober of `sql:` targets. */
export const probeSql = createSqlProber()

function judge({ count, more, first }: Rows, { expect: { rows, columns } }: SqlCheck): Failure | undefined {
  const steps = new Steps(maxSteps)
  if (rows && !holds(rows, [more ? Infinity : count], steps))
    return {
      reason: 'body',
      message: `expected the number of rows ${expectation(rows)}, got ${more ? `more than ${maxRows}` : count}`,
    }
  const names = Object.entries(columns)
  if (names.length === 0) return undefined
  if (first === undefined)
    return {
      reason: 'body',
      message: `expected a row with ${names.map(([name]) => name).join(', ')}, got no row`,
    }
  const parsed = parseDocument(first)
  if ('problem' in parsed)
    return { reason: 'body', message: `expected a row that can be looked at, got ${parsed.problem}` }
  const row = parsed.document as Readonly<Record<string, unknown>>
  return names.map(([name, expected]) => judgeColumn(name, expected, row, steps)).find((failure) => failure)
}

function judgeColumn(
  name: string,
  expected: Comparisons,
  row: Readonly<Record<string, unknown>>,
  steps: Steps,
): Failure | undefined {
  const found = Object.hasOwn(row, name) ? [row[name]] : []
  if (holds(expected, found, steps)) return undefined
  const got = found.length === 0 ? 'no such column' : discovery(expected, found)
  return { reason: 'body', message: `expected ${name} ${expectation(expected)}, got ${got}` }
}
