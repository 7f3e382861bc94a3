import { ProbeFailure, type Failure } from '../../net/failure.ts'
import type { Prober } from '../result.ts'
import { attempt } from '../shared/attempt.ts'
import { quote } from '../shared/dialogue/dialogue.ts'
import type { Wire } from '../shared/dialogue/wire.ts'
import { createTalk, type ServiceProberOptions } from '../shared/service/open.ts'
import { commandBytes, readReply } from './resp.ts'
import type { RedisResult } from './result.ts'
import type { RedisCheck } from './schema.ts'

/** Makes a prober that logs in where it has to, sends one command and judges its answer. */
export function createRedisProber(options: ServiceProberOptions = {}): Prober<RedisCheck> {
  const talk = createTalk(options)
  return async (check, context) => {
    let seen: RedisResult = {}
    return attempt(context, {
      details: () => ({ redis: seen }),
      work: async (run) =>
        talk(check, run, async (wire) => {
          const { username, password, database, command } = check
          const say = (words: readonly string[], doing: string): Promise<string> => {
            run.evidence.doing = `waiting for the answer to ${doing}`
            return ask(wire, words, doing)
          }
          if (password !== '') await say(['AUTH', ...(username === '' ? [] : [username]), password], 'AUTH')
          if (database !== 0) await say(['SELECT', String(database)], `SELECT ${database}`)
          const reply = await say(command, command[0] ?? '')
          seen = { reply: reply.slice(0, 1000) }
          context.log.add('answer received', { characters: reply.length })
          return judge(reply, check)
        }),
    })
  }
}

/** The prober of `redis:` targets. */
export const probeRedis = createRedisProber()

/** What the first word of an error means. */
const errors: Readonly<Record<string, string>> = {
  NOAUTH: 'the server wants a password: write it into the URL, as in redis://:PASSWORD@host',
  WRONGPASS: 'the server refuses the user name or the password',
  NOPERM: 'the user may not use this command',
  LOADING: 'the server is loading its data',
  MASTERDOWN: 'the replica has lost its primary',
}

/** @throws ProbeFailure `status` for an error, and for the reasons of {@link readReply}. */
async function ask(wire: Wire, words: readonly string[], doing: string): Promise<string> {
  await wire.send(commandBytes(words))
  const reply = await readReply(wire)
  if ('text' in reply) return reply.text
  const [code = ''] = reply.error.split(' ')
  const meaning = Object.hasOwn(errors, code) ? ` (${errors[code] ?? ''})` : ''
  throw new ProbeFailure('status', `the answer to ${doing} is an error: ${quote(reply.error)}${meaning}`)
}

function judge(reply: string, { command, expect: { reply: expected } }: RedisCheck): Failure | undefined {
  if (expected?.regex.matcher(reply).find() !== false) return undefined
  const message = `expected the answer to ${command[0] ?? ''} to match ${quote(expected.source)}, got ${quote(reply)}`
  return { reason: 'body', message }
}
