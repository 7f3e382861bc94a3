import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../../src/config/load/load.ts'
import type { Config } from '../../../src/config/config.ts'
import { pageGrounds } from '../../../src/config/document/web.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

async function load(page: string, files: Readonly<Record<string, string | Buffer>> = {}): Promise<Config> {
  const folder = await tempFolder()
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  const targets = ['shop', 'api'].map((name) => `  - { name: ${name}, url: https://${name}.example.com }\n`)
  await writeFile(
    join(folder, 'targets.yml'),
    `web:\n  public:\n    - ${page}\ntargets:\n${targets.join('')}`,
  )
  return loadConfig(join(folder, 'targets.yml'), { env: {} })
}

const problem = (page: string, files?: Readonly<Record<string, string | Buffer>>): Promise<string> =>
  load(page, files).then(
    () => 'it was accepted',
    (error: unknown) =>
      String(error)
        .replace(/^ConfigError: /, '')
        .replace(/^.*targets\.yml/gm, 'targets.yml'),
  )

describe('a list of public pages', () => {
  it('has for each page where it is, what it shows and how it looks', async () => {
    const { publicPages, files } = await load(
      `{ path: /status/shop/, host: Status.Example.com, title: Shop, logo: logo.png, lang: ar, incidents: true, subscribe: { channel: mail },
        colours: { accent: "#7A1FA2" }, words: { up: Fine }, targets: api, groups: [{ name: All, targets: [shop] }] }`,
      { 'logo.png': png },
    )
    expect(publicPages).toEqual([
      {
        path: '/status/shop',
        host: 'status.example.com',
        title: 'Shop',
        logo: { name: expect.stringMatching(/^logo-[0-9a-f]{12}\.png$/), type: 'image/png', content: png },
        accent: '#7a1fa2',
        words: { up: 'Fine' },
        language: 'ar',
        incidents: true,
        subscribe: { channel: 'mail' },
        groups: [{ targets: ['api'] }, { name: 'All', targets: ['shop'] }],
      },
    ])
    expect(files.some((file) => file.endsWith('logo.png'))).toBe(true)
  })

  it.each([
    [
      'an SVG',
      '<?xml version="1.0"?>\n<!-- ours -->\n<svg xmlns="http://www.w3.org/2000/svg"/>',
      'it was accepted',
    ],
    ['a page', '<html><svg></svg></html>', 'is neither an SVG nor a PNG file'],
    ['what is too large', Buffer.concat([png, Buffer.alloc(33 * 1024)]), 'it is larger than 32 KiB'],
  ])('takes as a logo what is one: %s', async (_name, content, says) => {
    expect(await problem('{ path: /public, logo: logo, targets: shop }', { logo: content })).toContain(says)
  })

  it('takes a logo only from the folder of the configuration', async () => {
    expect(await problem('{ path: /public, logo: ../x.png, targets: shop }')).toContain(
      'the file ../x.png is not in the folder of the configuration',
    )
    const folder = await tempFolder()
    await mkdir(join(folder, 'config'))
    await writeFile(join(folder, 'secret.png'), png)
    await symlink(join(folder, 'secret.png'), join(folder, 'config', 'logo.png'))
    await writeFile(
      join(folder, 'config', 'targets.yml'),
      'web: { public: [{ path: /public, logo: logo.png, targets: a }] }\ntargets: [{ name: a, url: https://a.example }]',
    )
    await expect(loadConfig(join(folder, 'config', 'targets.yml'), { env: {} })).rejects.toThrow(
      'is not in the folder of the configuration',
    )
  })

  it('compares colours with what the sheet says they stand on', () => {
    const sheet = readFileSync(join(import.meta.dirname, '../../../src/web/assets/frame.css'), 'utf8')
    const ground = (name: string): string[] =>
      new RegExp(`--${name}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(sheet)!.slice(1, 3)
    const [page, card] = [ground('page'), ground('card')]
    expect(pageGrounds).toEqual({ light: [page[0], card[0]], dark: [page[1], card[1]] })
  })

  it('takes mails only from a channel of notify.yml, where that is known', async () => {
    const folder = await tempFolder()
    const file = join(folder, 'targets.yml')
    await writeFile(
      file,
      'web: { public: [{ path: /public, targets: shop, subscribe: { channel: mial } }] }\ntargets: [{ name: shop, url: https://shop.example.com }]\n',
    )
    await expect(loadConfig(file, { env: {}, channels: ['log', 'mail'] })).rejects.toThrow(
      'targets.yml:1:71 web.public[0].subscribe.channel: there is no channel "mial" in notify.yml (did you mean mail?)',
    )
    await loadConfig(file, { env: {} })
    expect(await problem('{ path: /public, targets: shop, subscribe: {} }')).toContain(
      'web.public[0].subscribe.channel: is missing',
    )
  })
})
