import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { parseConfig } from '../../../src/config/load/load.ts'
import type { DiscoverySource } from '../../../src/config/discovery/source.ts'
import { answerTo, startDnsServer, uint16, wireName } from '../../support/servers/dns-server.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const folder = await tempFolder()
const ending: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ending.splice(0)) await end()
})

/** @returns Its origin, or the path that it listens on. */
async function serve(listener: RequestListener, path?: string): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => {
    if (path === undefined) server.listen(0, '127.0.0.1', resolve)
    else server.listen(path, resolve)
  })
  ending.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return path ?? `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function sourceOf(entry: object, env = {}): DiscoverySource {
  const text = JSON.stringify({ targets_from: [entry] })
  const read = { sources: [{ file: 'targets.yml', text }], directory: folder, files: [] }
  const [found] = parseConfig(read, { env }).discovered ?? []
  if (!found) throw new Error('no source')
  return found.source
}

const ask = (source: DiscoverySource) => source.ask(new AbortController().signal)
const template = { name: '{__address__}', url: 'http://{__address__}/', labels: { team: '{team:-none}' } }
const groups = [
  { targets: ['b:1', 'a:1'], labels: { team: 'x', other: 'y' } },
  { targets: ['c:1'] },
  { targets: ['c:1'], labels: { other: 'z' } },
]
const found = [{ __address__: 'a:1', team: 'x' }, { __address__: 'b:1', team: 'x' }, { __address__: 'c:1' }]

describe('http_sd', () => {
  it('reads what Prometheus reads: each once, in one order, with the labels that the template uses', async () => {
    const asked: (string | undefined)[] = []
    const url = await serve(({ headers, url: path }, response) => {
      asked.push(path, headers.authorization, headers.accept)
      response.end(JSON.stringify(groups))
    })
    const headers = { Authorization: 'Bearer ${TOKEN}' }
    const source = sourceOf({ http_sd: `${url}/targets?key=1`, headers, template }, { TOKEN: 'sesame' })
    expect(source.name).toBe(`http_sd ${url}/targets?...`)
    expect(await ask(source)).toEqual(found)
    expect(asked).toEqual(['/targets?key=1', 'Bearer sesame', 'application/json'])
  })

  it.each<[string, RequestListener, string | RegExp]>([
    ['a server that refuses', (_, response) => response.writeHead(403).end(), 'the server answered 403'],
    [
      'a redirect',
      (_, response) => response.writeHead(302, { location: '/b' }).end(),
      'the server answered 302',
    ],
    ['what is not JSON', (_, response) => response.end('<html>'), 'the answer is not JSON'],
    [
      'other JSON',
      (_, response) => response.end('[{"targets": [1]}]'),
      'it is not a list of groups as Prometheus has them at 0.targets.0: expected [{"targets": ["host:port"], "labels": {"name": "value"}}]',
    ],
    [
      'too many',
      (_, response) => response.end(JSON.stringify([{ targets: Array.from({ length: 50_001 }, String) }])),
      'it lists more than 50,000 targets: divide them among several sources',
    ],
    [
      'an answer without an end',
      (_, response) => {
        // Where the client has gone, newer versions of Node.js say so here only.
        const more = (error?: Error | null): void => {
          if (!error && !response.destroyed && response.socket?.destroyed !== true)
            response.write(Buffer.alloc(1_000_000, ' '), more)
        }
        more()
      },
      'it is larger than 10 MiB',
    ],
    ['a connection that ends', (_, response) => response.destroy(), /other side closed|socket hang up/],
  ])('says why there is nothing: %s', async (_what, listener, message) => {
    const url = await serve(listener)
    await expect(ask(sourceOf({ http_sd: url, template }))).rejects.toThrow(message)
  })
})

describe('file_sd', () => {
  const files = join(folder, 'files')

  it('reads JSON and YAML, of all files that match', async () => {
    await mkdir(files, { recursive: true })
    await writeFile(join(files, 'a.json'), JSON.stringify(groups.slice(0, 1)))
    await writeFile(join(files, 'b.json'), JSON.stringify(groups.slice(1)))
    await writeFile(join(files, '.b.json.tmp.json'), '[')
    await writeFile(join(files, 'c.yml'), '- targets: [d:1]\n')
    expect(await ask(sourceOf({ file_sd: 'files/*.json', template }))).toEqual(found)
    const both = sourceOf({ file_sd: ['files/c.yml', join(files, 'a.json')], template })
    expect(await ask(both)).toEqual([...found.slice(0, 2), { __address__: 'd:1' }])
    await rm(files, { recursive: true })
  })

  it.each([
    ['none.json', undefined, 'none.json cannot be read: no such file'],
    ['bad.yml', '- targets: [a\n', /bad\.yml:\d+:\d+ /],
    ['other.yml', 'a: 1\n', 'other.yml: it is not a list of groups as Prometheus has them'],
    ['none*.yml', undefined, 'no file matches none*.yml'],
    ['none/*.yml', undefined, 'none cannot be read: no such file'],
    ['.', undefined, 'it is not a regular file'],
  ])('says what is wrong with %s', async (file, text, message) => {
    if (text !== undefined) await writeFile(join(folder, file), text)
    await expect(ask(sourceOf({ file_sd: file, template }))).rejects.toThrow(message)
  })
})

describe('dns_srv', () => {
  const srv = (port: number, name: string): Buffer =>
    Buffer.concat([uint16(1), uint16(1), uint16(port), wireName(name)])

  it('looks up the hosts and ports of a service', async () => {
    const records = [srv(8080, 'b.example.com'), srv(80, 'a.example.com'), srv(0, '')]
    const answer = records.map((data) => ({ type: 33, data }))
    const server = await startDnsServer({ udp: (query) => [answerTo(query, { answer })] })
    ending.push(server.stop)
    const source = sourceOf({
      dns_srv: '_http._tcp.example.com',
      name_server: server.address,
      template: {
        name: '{__meta_dns_srv_record_target}',
        url: 'http://{__address__}/',
        labels: { service: '{__meta_dns_name}' },
      },
    })
    expect(source.name).toBe('dns_srv _http._tcp.example.com')
    expect(await ask(source)).toEqual([
      {
        __address__: 'a.example.com:80',
        __meta_dns_name: '_http._tcp.example.com',
        __meta_dns_srv_record_target: 'a.example.com',
      },
      {
        __address__: 'b.example.com:8080',
        __meta_dns_name: '_http._tcp.example.com',
        __meta_dns_srv_record_target: 'b.example.com',
      },
    ])
  })

  it.each([
    [3, '_a._tcp.example.com does not exist'],
    [0, '_a._tcp.example.com has no SRV record'],
    [2, '_a._tcp.example.com cannot be looked up: the name servers failed'],
  ])('says why there is nothing: the code of the answer is %i', async (rcode, message) => {
    const server = await startDnsServer({ udp: (query) => [answerTo(query, { rcode })] })
    ending.push(server.stop)
    const source = sourceOf({ dns_srv: '_a._tcp.example.com', name_server: server.address, template })
    await expect(ask(source)).rejects.toThrow(message)
  })
})

describe('docker', () => {
  // As https://docs.docker.com/reference/api/engine/version/v1.47/#tag/Container/operation/ContainerList has it.
  const container = {
    Id: '8dfafdbc3a40',
    Names: ['/shop'],
    Image: 'shop:1',
    ImageID: 'd74508fb6632491cea586a1fd7d748dfc5274cd6fdfedee309ecdcbc2bf5cb82',
    Command: '/shop',
    Created: 1367854155,
    State: 'running',
    Status: 'Up 3 seconds',
    Ports: [
      { PrivatePort: 9000, Type: 'udp' },
      { PrivatePort: 8443, PublicPort: 443, Type: 'tcp' },
      { PrivatePort: 8080, Type: 'tcp' },
    ],
    Labels: { 'probity.url': 'http://shop:8080/healthz', 'com.example.team': 'web' },
    SizeRw: 0,
    HostConfig: { NetworkMode: 'shop' },
    NetworkSettings: {
      Networks: {
        shop: {
          NetworkID: '7ea2',
          IPAddress: '172.18.0.2',
          IPPrefixLen: 16,
          MacAddress: '02:42:ac:12:00:02',
        },
        back: {
          NetworkID: '8ea2',
          IPAddress: '172.17.0.2',
          IPPrefixLen: 16,
          MacAddress: '02:42:ac:11:00:02',
        },
      },
    },
    Mounts: [],
  }
  const stopped = {
    ...container,
    Id: 'beef',
    Names: ['/old'],
    Ports: null,
    State: 'exited',
    NetworkSettings: { Networks: { back: { IPAddress: '' } } },
  }

  it('lists the containers that have the label, also those that have stopped', async () => {
    const asked: URL[] = []
    const socket = await serve(
      ({ url = '' }, response) => {
        asked.push(new URL(url, 'http://docker'))
        response.end(JSON.stringify([stopped, container]))
      },
      join(folder, 'docker.sock'),
    )
    const source = sourceOf({
      docker: socket,
      template: {
        name: '{__meta_docker_container_name}',
        url: '{__meta_docker_container_label_probity_url}',
        labels: { team: '{__meta_docker_container_label_com_example_team}', at: '{__address__:-nowhere}' },
      },
    })
    const labels = {
      __meta_docker_container_label_com_example_team: 'web',
      __meta_docker_container_label_probity_url: 'http://shop:8080/healthz',
    }
    expect(await ask(source)).toEqual([
      { ...labels, __address__: '172.17.0.2:8080', __meta_docker_container_name: 'shop' },
      { ...labels, __meta_docker_container_name: 'old' },
    ])
    expect(asked.map(({ pathname }) => pathname)).toEqual(['/containers/json'])
    expect(Object.fromEntries(asked[0]?.searchParams ?? [])).toEqual({
      all: 'true',
      filters: '{"label":["probity.url"]}',
    })
  })

  it('says why there is nothing', async () => {
    const socket = join(folder, 'other.sock')
    const source = sourceOf({ docker: socket, template })
    await expect(ask(source)).rejects.toThrow('ENOENT')
    await serve((_, response) => response.end('{}'), socket)
    await expect(ask(source)).rejects.toThrow(
      'its answer is not a list of containers: expected the API of Docker',
    )
  })
})
