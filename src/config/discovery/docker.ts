import { z } from 'zod'
import { maxTargets } from '../../settings/yaml/pieces.ts'
import { asText, seen, value, ValueError } from '../../settings/values/value.ts'
import { askJson } from './ask.ts'
import { tooMany } from './groups.ts'
import { defineSource, type Labels } from './kind.ts'

/** Containers, as the API of Docker and Podman lists them. */
export const docker = defineSource({
  key: 'docker',
  local: true,
  shape: {
    docker: value(readPath, { type: 'string' })
      .optional()
      .describe(
        'The socket of Docker or Podman, such as `/var/run/docker.sock`: its containers are listed, also those that have stopped.',
      ),
    docker_label: value(readLabel, { type: 'string' })
      .optional()
      .describe('With `docker`: the label that a container must have to be listed. Default: `probity.url`.'),
  },
  open: ({ docker: socketPath = '', docker_label: label = 'probity.url' }) => ({
    shown: socketPath,
    async ask(signal) {
      const url = new URL('http://localhost/containers/json?all=true')
      url.searchParams.set('filters', JSON.stringify({ label: [label] }))
      const read = containersSchema.safeParse(await askJson(url, { socketPath, signal }))
      if (!read.success) throw new Error('its answer is not a list of containers: expected the API of Docker')
      if (read.data.length > maxTargets) throw new Error(tooMany)
      return read.data.map(labelsOf)
    },
  }),
})

const containersSchema = z.array(
  z.object({
    Id: z.string(),
    Names: z.array(z.string()).nullable().default([]),
    Labels: z.record(z.string(), z.string()).nullable().default({}),
    Ports: z
      .array(z.object({ PrivatePort: z.number(), Type: z.string().default('tcp') }))
      .nullable()
      .default([]),
    NetworkSettings: z
      .object({ Networks: z.record(z.string(), z.object({ IPAddress: z.string().default('') })).default({}) })
      .nullable()
      .optional(),
  }),
)

function labelsOf(container: z.output<typeof containersSchema>[number]): Labels {
  const { Id: id, Names: names, Labels: labels, Ports: ports, NetworkSettings: settings } = container
  const [network] = Object.entries(settings?.Networks ?? {})
    .filter(([, { IPAddress: ip }]) => ip !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const tcp = (ports ?? []).filter(({ Type: type }) => type === 'tcp').map(({ PrivatePort: port }) => port)
  const port = tcp.length === 0 ? undefined : Math.min(...tcp)
  const ip = network?.[1].IPAddress
  return {
    ...Object.fromEntries(
      // As Prometheus does: a label of Docker may have dots and dashes.
      Object.entries(labels ?? {}).map(([name, text]) => [
        `__meta_docker_container_label_${name.replaceAll(/[^A-Za-z0-9_]/g, '_')}`,
        text,
      ]),
    ),
    __meta_docker_container_id: id,
    __meta_docker_container_name: (names?.[0] ?? id).replace(/^\//, ''),
    ...(network && {
      __meta_docker_network_name: network[0],
      __meta_docker_network_ip: network[1].IPAddress,
    }),
    ...(port !== undefined && { __meta_docker_port_private: String(port) }),
    ...(ip !== undefined && port !== undefined && { __address__: `${ip}:${port}` }),
  }
}

function readPath(input: unknown): string {
  const text = asText(input)
  // What the system takes at most, on every system that there is.
  if (!text.startsWith('/') || text.length > 100)
    throw new ValueError(
      `${seen} is not a valid socket: expected an absolute path such as /var/run/docker.sock`,
    )
  return text
}

function readLabel(input: unknown): string {
  const text = asText(input)
  if (text === '' || /[\s=]/.test(text))
    throw new ValueError(`${seen} is not a valid label: expected one such as probity.url`)
  return text
}
