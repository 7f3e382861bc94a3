import type { z } from 'zod'
import { readSocketPath } from '../../../net/unix-socket.ts'
import { tlsSettings, concealTls, type TlsSettings } from '../../../net/tls/settings.ts'
import { flag } from '../../../settings/values/scalars.ts'
import type { Expanded } from '../../../settings/secrets.ts'
import { asText, oneOrMany, seen, value, ValueError } from '../../../settings/values/value.ts'
import type { CheckSchema, Concealed, Given } from '../../kind.ts'
import { restartsShape } from '../restarts.ts'

/** `Status` of `State` in the answer to GET /containers/{id}/json: https://docs.docker.com/reference/api/engine/ */
export const containerStates = [
  'created',
  'running',
  'paused',
  'restarting',
  'removing',
  'exited',
  'dead',
] as const
export type ContainerState = (typeof containerStates)[number]

/** `Status` of its `Health`; `none` where the container has no health check. */
export const healthStates = ['none', 'starting', 'healthy', 'unhealthy'] as const
export type HealthState = (typeof healthStates)[number]

/** The state of a container, as the Engine API of Docker or Podman reports it. */
export interface DockerCheck {
  readonly kind: 'docker'
  /** Its name or its ID. */
  readonly container: string
  /** The path of a socket, or the address of the API. */
  readonly host: { readonly unixSocket: string } | { readonly url: URL }
  readonly tls: TlsSettings
  readonly expect: {
    readonly states: readonly ContainerState[]
    readonly health: readonly HealthState[]
    /** Absent: any number. */
    readonly maxRestarts?: number
    /** Of a container that has ended. Absent: any. */
    readonly exitCodes?: readonly number[]
    /** Absent: either will do. */
    readonly oomKilled?: boolean
  }
}

/** As Docker has it; a slash or a dot at the beginning would lead to another address of the API. */
function readContainer(input: unknown): string {
  const text = asText(input)
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$/.test(text))
    throw new ValueError(`${seen} is not the name or the ID of a container: expected one such as shop-db-1`)
  return text
}

function readHost(input: unknown): DockerCheck['host'] {
  const text = asText(input)
  const path = /^unix:\/\/(\/.*)$/.exec(text)?.[1]
  if (path !== undefined || text.startsWith('/')) return { unixSocket: readSocketPath(path ?? text) }
  // DOCKER_HOST calls it tcp, with TLS or without.
  const written = text.replace(/^tcp:/, 'http:')
  if (!/^https?:\/\/[^/?#@\s]+\/?$/.test(written) || !URL.canParse(written))
    throw new ValueError(
      `${seen} is not the address of Docker: expected one such as unix:///var/run/docker.sock, tcp://docker-proxy:2375 or https://docker.example.com:2376`,
    )
  return { url: new URL(written) }
}

function readExitCode(input: unknown): number {
  const number = typeof input === 'string' && /^\d+$/.test(input) ? Number(input) : input
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > 255)
    throw new ValueError(`${seen} is not an exit code: expected a number from 0 to 255`)
  return number
}

const reader =
  <const W extends string>(words: readonly W[], what: string) =>
  (input: unknown): W => {
    const found = words.find((each) => each === input)
    if (found === undefined) throw new ValueError(`${seen} is not ${what}: expected ${words.join(', ')}`)
    return found
  }

const shape = {
  docker: value(readContainer, {
    type: 'string',
    description: 'The name or the ID of a container of Docker or Podman.',
  }).optional(),
  docker_host: value(readHost, {
    type: 'string',
    description:
      'Where the API is: the path of a socket, `tcp://host:port`, or `https://host:port` with `tls`. Default: `unix:///var/run/docker.sock`.',
  }).optional(),
  tls: tlsSettings.optional().describe('Settings for TLS, if it is used.'),
}

const expectShape = {
  container_state: oneOrMany(reader(containerStates, 'a state of a container'), {
    enum: [...containerStates],
  })
    .optional()
    .describe('The state of the container, or several of which one will do. Default: `running`.'),
  health: oneOrMany(reader(healthStates, 'the health of a container'), { enum: [...healthStates] })
    .optional()
    .describe(
      'What the health check of the container says; `none` where there is none. Default: `none, starting, healthy`.',
    ),
  exit_code: oneOrMany(readExitCode, { type: 'integer', minimum: 0, maximum: 255 })
    .optional()
    .describe('The exit code of a container that has ended, or several. Default: any.'),
  oom_killed: flag
    .optional()
    .describe(
      'Whether the kernel has ended a process of the container, because its memory was used up. Default: either.',
    ),
  ...restartsShape,
}

type Parsed = { readonly [K in keyof typeof shape]: z.output<(typeof shape)[K]> }
type ParsedExpect = { readonly [K in keyof typeof expectShape]: z.output<(typeof expectShape)[K]> }
type DockerSettings = Given<Parsed, keyof Parsed> & {
  readonly expect: Given<ParsedExpect, 'container_state' | 'health'> &
    Pick<ParsedExpect, 'exit_code' | 'oom_killed' | 'max_restarts'>
}

function toCheck({ docker: container, docker_host: host, tls, expect }: DockerSettings): DockerCheck {
  const { exit_code: exitCodes, oom_killed: oomKilled, max_restarts: maxRestarts } = expect
  return {
    kind: 'docker',
    container,
    host,
    tls,
    expect: {
      states: expect.container_state,
      health: expect.health,
      ...(exitCodes && { exitCodes }),
      ...(oomKilled !== undefined && { oomKilled }),
      ...(maxRestarts !== undefined && { maxRestarts }),
    },
  }
}

function conceal(written: Readonly<Record<string, unknown>>, expand: (text: string) => Expanded): Concealed {
  const secrets = new Set<string>()
  const { tls } = written
  const shown = { ...written, ...(tls !== undefined && { tls: concealTls(tls, expand, secrets) }) }
  secrets.delete('')
  return { instance: readContainer(expand(String(written['docker'])).value), shown, secrets: [...secrets] }
}

export const dockerSchema: CheckSchema<typeof shape, typeof expectShape, DockerSettings, DockerCheck> = {
  key: 'docker',
  local: true,
  shape,
  expectShape,
  defaults: {
    docker_host: 'unix:///var/run/docker.sock',
    tls: { verify: true },
    // How long Docker takes to answer says nothing of the container.
    expect: { container_state: ['running'], health: ['none', 'starting', 'healthy'], max_latency: 'off' },
  },
  toCheck,
  conceal,
}
