import type { Failure } from '../../net/failure.ts'
import type { Prober } from '../result.ts'
import { attempt } from '../shared/attempt.ts'
import { quote } from '../shared/dialogue/dialogue.ts'
import { createTalk, type ServiceProberOptions } from '../shared/service/open.ts'
import { goodbye, readAlgorithms, readIdentification, type Algorithms } from './greeting.ts'
import type { SshResult } from './result.ts'
import type { SshCheck } from './schema.ts'

/** What Probity says it is. Its version is not the business of the servers. */
const identification = 'SSH-2.0-Probity\r\n'

/** Makes a prober that reads what an SSH server says before anybody logs in. */
export function createSshProber(options: Pick<ServiceProberOptions, 'lookup'> = {}): Prober<SshCheck> {
  const talk = createTalk(options)
  return async (check, context) => {
    let seen: SshResult = {}
    return attempt(context, {
      details: () => ({ ssh: seen }),
      work: async (run) =>
        talk({ ...check, useTls: false, tls: { verify: true } }, run, async (wire) => {
          run.evidence.doing = 'waiting for the server to say what it is'
          const { protocol, software } = await readIdentification(wire)
          seen = { protocol, software }
          context.log.add('server identified', { protocol, software })
          const { expect } = check
          if (expect.software?.regex.matcher(software).find() === false)
            return {
              reason: 'body',
              message: `expected the software to match ${quote(expect.software.source)}, got ${quote(software)}`,
            }
          await wire.send(identification)
          run.evidence.doing = 'waiting for the algorithms that the server offers'
          const algorithms = await readAlgorithms(wire)
          seen = { ...seen, keyExchange: algorithms.kex[0] ?? '' }
          await wire.send(goodbye()).catch(() => undefined)
          return judge(algorithms, check)
        }),
    })
  }
}

/** The prober of `ssh:` targets. */
export const probeSsh = createSshProber()

function judge(algorithms: Algorithms, { expect: { notAlgorithms } }: SshCheck): Failure | undefined {
  for (const name of Object.values(algorithms).flat()) {
    const unwanted = notAlgorithms.find(({ regex }) => regex.matcher(name).find())
    if (unwanted)
      return {
        reason: 'body',
        message: `the server offers ${quote(name)}, which matches ${quote(unwanted.source)}`,
      }
  }
  return undefined
}
