import { systemClock } from '../../../lib/time/clock.ts'
import { cut, oneLine, plainText } from '../../../lib/text/text.ts'
import type { Failure } from '../../../net/failure.ts'
import { probeHttp, type HttpProber } from '../../http/probe.ts'
import type { ProbeResult, Prober } from '../../result.ts'
import { askJson, type Answer } from '../../shared/ask-json.ts'
import { tooManyRestarts } from '../restarts.ts'
import { stateOf, type DockerResult } from './result.ts'
import type { DockerCheck } from './schema.ts'

export interface DockerProberOptions {
  /** Sends the request. Default: as `url:` targets do. */
  readonly probe?: HttpProber
}

/** Bytes of an answer that are accepted: that of a container has ten thousand. */
const maxBody = 1024 * 1024

/** What is wanted of the answer to GET /containers/{id}/json: https://docs.docker.com/reference/api/engine/ */
const paths = [
  '$.State.Status',
  '$.State.Health.Status',
  '$.RestartCount',
  '$.State.ExitCode',
  '$.State.OOMKilled',
  '$.State.Health.Log[-1].Output',
]

/** Makes a prober that asks Docker for the state of a container. Nothing is asked for that would change anything. */
export function createDockerProber({ probe = probeHttp }: DockerProberOptions = {}): Prober<DockerCheck> {
  return async (check, context) => {
    const clock = context.clock ?? systemClock
    const startedAt = new Date(clock.now())
    const began = clock.monotonic()
    const answer = await askJson(requestOf(check), paths, context, probe)
    const docker = answer.result.failure ? undefined : read(answer)
    const failure = docker ? judge(docker, check, answer) : explain(answer, check)
    const { resolve, phases, tls } = answer.result
    return {
      ...(resolve && { resolve }),
      ...(phases && { phases }),
      ...(tls && { tls }),
      ...(docker && { docker }),
      startedAt,
      durationSeconds: (clock.monotonic() - began) / 1000,
      success: failure === undefined,
      ...(failure && { failure }),
    } satisfies ProbeResult
  }
}

/** The prober of `docker:` targets. */
export const probeDocker = createDockerProber()

function requestOf({ container, host, tls }: DockerCheck) {
  const isLocal = 'unixSocket' in host
  return {
    // Without a version: the newest that the server has.
    url: new URL(`/containers/${container}/json`, isLocal ? 'http://localhost' : host.url),
    accept: 'application/json',
    followRedirects: false,
    maxBody,
    ipProtocol: 'auto',
    ipProtocolFallback: true,
    tls,
    ...(isLocal && { unixSocket: host.unixSocket }),
  } as const
}

function read({ found }: Answer): DockerResult | undefined {
  const [state, health = 'none', restarts, exitCode, oomKilled] = found.map((each) =>
    'value' in each ? oneLine(plainText(each.value)).slice(0, 50) : undefined,
  )
  if (state === undefined || state === '') return undefined
  const code = whole(exitCode)
  const count = whole(restarts)
  // The exit code of a container that runs is that of nothing.
  const hasEnded = !['running', 'paused', 'created'].includes(state)
  return {
    state,
    // Podman says so with an empty text.
    health: health === '' ? 'none' : health,
    oomKilled: oomKilled === 'true',
    ...(count !== undefined && { restarts: count }),
    ...(hasEnded && code !== undefined && { exitCode: code }),
  }
}

function whole(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** Says why the state is not known. */
function explain({ result }: Answer, { container }: DockerCheck): Failure {
  const { failure, http } = result
  if (!failure)
    return {
      reason: 'protocol',
      message: 'the answer is not the state of a container: expected the Engine API of Docker',
    }
  const { reason, message } = failure
  if (reason === 'status' && http?.statusCode === 404)
    return { reason, message: `there is no container ${container} (404)` }
  if (reason === 'status' && (http?.statusCode === 401 || http?.statusCode === 403))
    return {
      reason,
      message: `the API refuses the request (${http.statusCode}): a proxy in front of it has to allow GET /containers/${container}/json`,
    }
  if (reason === 'connect' && message.includes('permission'))
    return { reason, message: `${message}: the user of Probity has to be in the group of the socket` }
  return { reason, message }
}

function judge(
  seen: DockerResult,
  { container, expect }: DockerCheck,
  { found }: Answer,
): Failure | undefined {
  const { states, health, exitCodes, oomKilled, maxRestarts } = expect
  const { exitCode } = seen
  const failed = (message: string): Failure => ({ reason: 'status', message })
  if (!states.some((state) => state === seen.state))
    return failed(`expected ${container} to be ${states.join(' or ')}, it is ${stateOf(seen)}`)
  if (!health.some((each) => each === seen.health))
    return failed(
      `expected the health of ${container} to be ${health.join(' or ')}, it is ${seen.health}${lastWords(found.at(-1))}`,
    )
  if (exitCodes && exitCode !== undefined && !exitCodes.includes(exitCode))
    return failed(
      `expected ${container} to have ended with ${exitCodes.join(' or ')}, it is ${stateOf(seen)}`,
    )
  if (oomKilled !== undefined && oomKilled !== seen.oomKilled)
    return failed(
      seen.oomKilled
        ? `the kernel has ended a process of ${container}, because its memory was used up`
        : `expected the kernel to have ended a process of ${container}, it has not`,
    )
  const message = tooManyRestarts(container, seen.restarts, maxRestarts)
  return message === undefined ? undefined : failed(message)
}

/** What the health check has printed. */
function lastWords(found: Answer['found'][number] | undefined): string {
  const words = found && 'value' in found ? oneLine(plainText(found.value)).trim() : ''
  return words === '' ? '' : `: ${cut(words, 200)}`
}
