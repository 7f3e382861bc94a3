import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { root } from '../../scripts/stack/shipped-files.ts'
import { blocksIn, pages, textOf } from './support/blocks.ts'
import { commandsOf, probityArguments, readArguments, wordsOf } from './support/command-lines.ts'

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>
}
const compose = parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8')) as {
  readonly services: Readonly<Record<string, unknown>>
}
const routes = readFileSync(join(root, 'test/contract/routes.txt'), 'utf8')
  .split('\n')
  .map((row) => row.split(' ')[2] ?? '')
  .filter((path) => path !== '')

const blocks = blocksIn('sh')
const commands = blocks.flatMap(({ place, text }) =>
  commandsOf(text).map((words) => ({ place, words, line: words.join(' ') })),
)

/** Programs of others that the pages use, where there is nothing more to know about their arguments. */
const others = new Set([
  ...['cd', 'cp', 'install', '/usr/local/bin/backup', 'sed', 'systemctl', 'git', 'gh', 'sha256sum', 'kubectl', 'helm'],
  ...['pip', 'node', 'promtool', 'docker', 'curl', 'sh', 'npm', 'patch'],
])

/** Examples in a line of a page: `probity check FILE`. */
const inline = pages
  .filter((page) => !['CHANGELOG.md', 'docs/upgrading.md'].includes(page))
  .flatMap((page) => [...textOf(page).matchAll(/`((?:npx )?probity [a-z][^`\n]*)`/g)].map(([, line = '']) => ({ place: page, line })))

describe('the shell lines of the documentation', () => {
  it.each(blocks)('$place is what a shell reads', async ({ text }) => {
    const lines = text.replaceAll(/^(?:[\d*]+ ){5}/gm, '')
    await promisify(execFile)('sh', ['-n', '-c', lines])
  })

  const own = commands.flatMap(({ place, words }) => {
    const args = probityArguments(words)
    return args ? [{ place, args, line: args.join(' ') }] : []
  })
  it.each(own)('$place: probity $line', async ({ args }) => {
    await readArguments(args)
  })

  it('use the programs that are known here, and each script of npm that they name', () => {
    const programs = new Set(commands.filter(({ words }) => !probityArguments(words)).map(({ words }) => words[0] ?? ''))
    expect([...programs].filter((program) => !others.has(program))).toEqual([])
    const scripts = commands.flatMap(({ words: [program, run, name] }) =>
      program !== 'npm' ? [] : run === 'run' ? (name ?? '') : ['start', 'test'].includes(run ?? '') ? (run ?? '') : [],
    )
    expect(scripts.length).toBeGreaterThan(15)
    expect(scripts.filter((name) => !(name in manifest.scripts))).toEqual([])
  })

  it('name files of the repository, and services of docker-compose.yml, that are there', () => {
    const files = commands.flatMap(({ words }) => words.filter((word) => /^(?:deploy|config)\/[\w./-]*\.\w+$/.test(word)))
    expect(files.length).toBeGreaterThan(5)
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([])
    const services = commands.flatMap(({ line }) => /^docker compose (?:exec(?: -T)?|stop|start|logs -f) (\S+)/.exec(line)?.[1] ?? [])
    expect(services.length).toBeGreaterThan(3)
    expect(services.filter((service) => !(service in compose.services))).toEqual([])
  })

  it('ask for paths that Probity serves', () => {
    const urls = commands.flatMap(({ words }) => words.filter((word) => /^https?:\/\/(?:127\.0\.0\.1:9740|\w+\.example\.com(?::9740)?)\//.test(word)))
    const paths = urls.map((url) => new URL(url.replace('$?', '0')).pathname)
    expect(paths.length).toBeGreaterThan(3)
    const patterns = routes.map((route) => new RegExp(`^${route.replaceAll('.', String.raw`\.`).replaceAll(/[:*]\w+/g, '[^/]+')}$`))
    expect(paths.filter((path) => !patterns.some((pattern) => pattern.test(path)))).toEqual([])
  })
})

describe('the commands in the lines of the documentation', () => {
  it('are found', () => {
    expect(inline.length).toBeGreaterThan(60)
  })

  it.each(inline)('$place: $line', async ({ line }) => {
    // Of flags and commands that are only named, such as `probity notify`, no argument is given.
    const args = probityArguments(wordsOf(line)) ?? []
    try {
      await readArguments(args)
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/missing|commander\.help$/i) as unknown })
    }
  })
})
