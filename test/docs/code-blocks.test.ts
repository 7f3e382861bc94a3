import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { root } from '../../scripts/stack/shipped-files.ts'
import { parsePost } from '../../src/config/posts/parse.ts'
import { parseExpectations } from '../../src/config/expectations/parse.ts'
import { createCertificate } from '../support/certificates.ts'
import { describeWithTool } from '../support/programs/tools.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { blocks, blocksIn } from './support/blocks.ts'

const run = promisify(execFile)

/** The languages of the pages, and what tests their blocks. */
const languages: Readonly<Record<string, string>> = {
  '': 'outputs.test.ts, recipes, and expectations below',
  yaml: 'yaml-blocks.test.ts',
  sh: 'shell-blocks.test.ts',
  sql: 'test/grafana/vendors-history.ts',
  js: 'below',
  python: 'below',
  go: 'below',
  java: 'below',
  php: 'below',
  ruby: 'below',
  ini: 'below',
  nginx: 'below',
  jsonnet: 'below',
  markdown: 'below',
  bash: 'remedies',
  named: 'remedies',
  sudoers: 'remedies',
}

it('every block is in a language that a test reads', () => {
  const found = new Set(blocks.map(({ language }) => language))
  expect([...found].sort()).toEqual(Object.keys(languages).sort())
})

describe('expectations (*.mm)', () => {
  const found = blocksIn('').filter(({ text }) => text.startsWith('method '))

  it('are found', () => {
    expect(found.length).toBeGreaterThan(3)
  })

  it.each(found)('$place has no mistakes', ({ text }) => {
    const { methods, problems } = parseExpectations(text)
    expect(problems).toEqual([])
    expect(methods.length).toBeGreaterThan(0)
  })
})

describe('JavaScript', () => {
  it.each(blocksIn('js'))('$place is a module, and imports what there is', async ({ text }) => {
    const file = join(await tempFolder(), 'block.mjs')
    await writeFile(file, text)
    await run(process.execPath, ['--check', file])
    const client = (await import('probity-client')) as Record<string, unknown>
    for (const [, names = ''] of text.matchAll(/import \{([^}]+)\} from 'probity-client'/g))
      for (const name of names.split(',')) expect(client).toHaveProperty(name.trim())
  })
})

/** What the programs of the pages have and the pages do not show. */
const pythonOfReader = `
class stripe:
    class Charge:
        create = staticmethod(lambda amount=0: amount)
class load_rates:
    status_code = 200
`

describeWithTool(
  ['python3'],
  'Python',
  () => {
    it.each(blocksIn('python'))('$place runs with the client of this repository', async ({ text }) => {
      const env = { ...process.env, PYTHONPATH: join(root, 'clients/python/src'), PYTHONDONTWRITEBYTECODE: '1' }
      await run('python3', ['-c', pythonOfReader + text], { env: { ...env, PROBITY_CALLS_ADDRESS: '127.0.0.1:9' } })
    })
  },
  { optional: true },
)

/** Where the functions of a client stand, and how they are called. */
const clients = { go: 'clients/go', java: 'clients/java/probity', php: 'clients/php', ruby: 'clients/ruby' } as const

describe.each(Object.entries(clients))('%s', (language, folder) => {
  const source = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:go|java|php|rb)$/.test(name))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'))
    .join('\n')

  it.each(blocksIn(language))('$place calls what the client has', ({ text }) => {
    const called = [...text.matchAll(/\b(?:probity|monitor|m)(?:\.|->)(\w+)\(/gi)].map(([, name = '']) => name)
    expect(called.length).toBeGreaterThan(0)
    const isThere = (name: string): boolean =>
      name === 'new' || new RegExp(`(?:func|function|def|public)\\b[^\\n]*\\b${name}(?:<.*?>)?\\(?`).test(source)
    expect(called.filter((name) => !isThere(name))).toEqual([])
  })
})

describe('settings', () => {
  const [units, variables] = [
    blocksIn('ini').filter(({ text }) => text.startsWith('[')),
    blocksIn('ini').filter(({ text }) => !text.startsWith('[')),
  ]
  const known = readFileSync(join(root, 'test/contract/command-line.txt'), 'utf8')

  it.each(variables)('$place sets variables of flags', ({ text }) => {
    const names = [...text.matchAll(/^([A-Z_]+)=/gm)].map(([, name = '']) => name)
    expect(names.length).toBeGreaterThan(0)
    expect(names.filter((name) => !known.includes(name))).toEqual([])
  })

  describeWithTool(['systemd-analyze'], 'of systemd', () => {
    it.each(units)('$place is a unit', async ({ text }) => {
      const file = join(await tempFolder(), 'block.service')
      await writeFile(file, text.replaceAll(/\/usr\/local\/bin\/\w+|(?<==-?)curl/g, '/bin/true'))
      const { stderr } = await run('systemd-analyze', ['verify', '--man=no', file])
      expect(stderr.split('\n').filter((line) => line.includes(file))).toEqual([])
    })
  })
})

describeWithTool(['nginx'], 'nginx', () => {
  const { cert, key } = createCertificate({ name: 'status.example.com' })

  it.each(blocksIn('nginx'))('$place is a configuration', async ({ text }) => {
    const folder = await tempFolder()
    await writeFile(join(folder, 'cert.pem'), cert)
    await writeFile(join(folder, 'key.pem'), key)
    const server = (text.startsWith('server') ? text : `server {\n listen 127.0.0.1:8080;\n${text}\n}`)
      .replace(/\S+\.pem;/, `${folder}/cert.pem;`)
      .replace(/\S+\.key;/, `${folder}/key.pem;`)
    const file = join(folder, 'nginx.conf')
    await writeFile(file, `pid ${folder}/pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n${server}}\n`)
    await run('nginx', ['-t', '-q', '-p', folder, '-c', file])
  })
})

describeWithTool(['jsonnet'], 'jsonnet', () => {
  it.each(blocksIn('jsonnet'))('$place gives rules and dashboards', async ({ text }) => {
    const folder = await tempFolder()
    await symlink(root, join(folder, 'probity'))
    await writeFile(join(folder, 'block.jsonnet'), `local it = ${text};\n{ rules: it.prometheusAlerts, dashboards: it.grafanaDashboards }`)
    const { stdout } = await run('jsonnet', [join(folder, 'block.jsonnet')], { maxBuffer: 64 * 1024 * 1024 })
    const { rules, dashboards } = JSON.parse(stdout) as { rules: { groups: unknown[] }; dashboards: object }
    expect(rules.groups.length).toBeGreaterThan(3)
    expect(Object.keys(dashboards).length).toBeGreaterThan(3)
    expect(JSON.stringify(rules)).toContain('https://wiki.example.com/probity/alerts')
  })
})

describe('Markdown', () => {
  const isPost = ({ text }: { text: string }): boolean => text.startsWith('---\n')
  const all = blocksIn('markdown')

  it.each(all.filter((block) => !isPost(block)))('$place shows a badge', ({ text }) => {
    for (const line of text.trim().split('\n'))
      expect(line).toMatch(/^!\[[\w ]+\]\(https:\/\/probity\.example\.com\/badge\/\w+\.svg\?[\w=&]+\)$/)
  })

  it.each(all.filter(isPost))('$place is a post', ({ place, text }) => {
    expect(parsePost({ file: place, text })).toHaveProperty('post')
  })
})
