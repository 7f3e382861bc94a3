import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { probity } from '../../support/programs/probity.ts'
import { tempFolder } from '../../support/temp-folder.ts'

let folder: string
let peer: Server

beforeAll(async () => {
  peer = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1')
  await once(peer, 'listening')
})

afterAll(() => {
  peer.close()
  peer.closeAllConnections()
})

beforeEach(async () => {
  folder = await tempFolder()
})

/** Runs `probity probe` in the folder. */
async function probe(...args: string[]): Promise<{ status: number; output: string }> {
  const child = spawn(process.execPath, [...probity, 'probe', ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const [status] = (await once(child, 'close')) as [number]
  return { status, output }
}

async function configure(names: readonly string[]): Promise<void> {
  await mkdir(join(folder, 'config'))
  const items = names.map((name) => `  - { name: ${name}, url: "http://127.0.0.1:1/" }\n`)
  await writeFile(join(folder, 'config/targets.yml'), `targets:\n${items.join('')}`)
}

describe('probity probe', () => {
  it('needs no configuration for a URL', async () => {
    const { status, output } = await probe(`http://127.0.0.1:${(peer.address() as AddressInfo).port}/`)
    expect(output).toContain('✓ as expected')
    expect(status).toBe(0)
  })

  it('wants the configuration that was named', async () => {
    expect(await probe('--config.file', 'gone.yml', 'http://127.0.0.1:1/')).toEqual({
      status: 1,
      output:
        'gone.yml: cannot be read: no such file: probity init writes a first one, and --config.file names another\n',
    })
  })

  it('says which target was probably meant', async () => {
    await configure(['shop', 'search'])
    expect(await probe('shpo')).toEqual({
      status: 1,
      output:
        '"shpo" is neither a configured target nor a URL (did you mean shop?); configured: shop, search\n',
    })
  })

  it('lists no more targets than fit', async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `target-${index}`)
    await configure(names)
    const { output } = await probe('nothing-like-it')
    expect(output).toBe(
      `"nothing-like-it" is neither a configured target nor a URL; configured: ${names.slice(0, 20).join(', ')} and 980 more\n`,
    )
  })

  it('makes a check that fails again where the target asks for it', async () => {
    let asked = 0
    const flaky = createServer((_request, response) => response.writeHead(asked++ === 0 ? 500 : 200).end())
    await once(flaky.listen(0, '127.0.0.1'), 'listening')
    const { port } = flaky.address() as AddressInfo
    await mkdir(join(folder, 'config'))
    await writeFile(
      join(folder, 'config/targets.yml'),
      `targets: [{ name: shop, url: "http://127.0.0.1:${port}/", retry: 10ms }]\n`,
    )
    const { status, output } = await probe('shop')
    flaky.close()
    expect(output).toContain('✓ as expected')
    expect(output).toContain('  retry        1 failure was not confirmed (status: expected 2xx, got 500)\n')
    expect(status).toBe(0)
    expect(asked).toBe(2)
  })
})
