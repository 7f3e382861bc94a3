import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Config } from '../../src/config/config.ts'
import { loadConfig } from '../../src/config/load/load.ts'
import { foreignFormats } from '../../src/foreign/index.ts'
import { atEnd } from '../support/at-end.ts'
import { startHttpPeer } from '../support/servers/http-peer.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { blocksIn, textOf } from './support/blocks.ts'

const page = textOf('docs/discovery.md')
const env = { INVENTORY_TOKEN: 'sesame' }

/** The targets.yml of a page that names such a source. */
function exampleOf(source: string, of = 'docs/discovery.md'): string {
  const blocks = blocksIn('yaml').filter((block) => block.page === of && block.text.includes(` ${source}:`))
  if (blocks.length !== 1) throw new Error(`${of} has ${blocks.length} examples of ${source}`)
  return blocks[0]!.text
}

/** Loads it, with the targets that its sources list. */
async function discover(text: string, files: Readonly<Record<string, string>> = {}): Promise<Config> {
  const folder = await tempFolder()
  const all = { ...files, 'targets.yml': text }
  for (const [name, content] of Object.entries(all)) await writeFile(join(folder, name), content)
  return loadConfig(join(folder, 'targets.yml'), { env, foreign: foreignFormats, discover: true })
}

const namesOf = ({ targets }: Config): string[] => targets.map(({ name }) => name)

describe('docs/discovery.md', () => {
  it('has an inventory that adds the target that it says', async () => {
    const [, answer = '', name = ''] = /answers `(\[.*\])` adds the target `([^`]+)`/.exec(page) ?? []
    const peer = await startHttpPeer(({ path, headers }) =>
      path === '/targets' && headers['authorization'] === 'Bearer sesame'
        ? { status: 200, headers: { 'content-type': 'application/json' }, body: answer }
        : { status: 401 },
    )
    const config = await discover(exampleOf('http_sd').replace('https://inventory.example.com', peer.url))
    expect(namesOf(config)).toEqual([name])
    expect(config.target(name)).toMatchObject({
      instance: 'https://a.example.com:8443/healthz',
      labels: { team: 'nobody' },
    })
    const short = exampleOf('http_sd', 'docs/targets.md').replace('https://inventory.example.com', peer.url)
    await expect(discover(short)).rejects.toThrow('401')
  })

  it('has containers that become targets', async () => {
    const socket = join(await tempFolder(), 'docker.sock')
    const [, label = '', url = ''] = /docker run --label (\S+)=(\S+) /.exec(page) ?? []
    const server = createServer((_request, response) => {
      response.end(JSON.stringify([{ Id: '8dfafdbc3a40', Names: ['/shop'], Labels: { [label]: url } }]))
    })
    server.listen(socket)
    await once(server, 'listening')
    atEnd(() => server.close())
    const config = await discover(exampleOf('docker').replace('/var/run/docker.sock', socket))
    expect(namesOf(config)).toEqual(['shop'])
    expect(config.target('shop')?.instance).toBe(url)
  })

  it('has a specification whose operations become targets', async () => {
    const responses = { 200: { description: 'ok' } }
    const petId = { name: 'petId', in: 'path', required: true, schema: {}, example: 7 }
    const specification = {
      openapi: '3.1.0',
      paths: {
        '/pets': { get: { operationId: 'listPets', responses } },
        '/pets/{petId}': {
          parameters: [petId],
          get: { responses },
          delete: { operationId: 'deletePet', responses },
        },
        '/internal/{id}': { get: { responses } },
      },
    }
    const config = await discover(exampleOf('openapi'), { 'petstore.yaml': JSON.stringify(specification) })
    expect(namesOf(config)).toEqual(['petstore listPets', 'petstore GET /pets/{petId}'])
    const instances = config.targets.map(({ instance }) => instance)
    expect(instances).toEqual(['/pets', '/pets/7'].map((path) => `https://petstore.example.com/v1${path}`))
    for (const target of config.targets)
      expect(target).toMatchObject({ interval: 60, labels: { team: 'pets' } })
  })
})
