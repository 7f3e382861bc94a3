import { execFile } from 'node:child_process'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { askForTarget } from '../../src/app/setup/first-target.ts'
import { root } from '../../scripts/stack/shipped-files.ts'
import { tempFolder } from '../support/temp-folder.ts'

const program = join(root, 'bin/probity.cjs')

/** Runs the program in a folder, with lines typed into it. */
async function probity(
  cwd: string,
  args: readonly string[],
  typed = '',
): Promise<{ out: string; code: number }> {
  const running = promisify(execFile)(process.execPath, [program, ...args], {
    cwd,
    env: { PATH: process.env.PATH },
  })
  running.child.stdin?.end(typed)
  try {
    return { out: (await running).stdout, code: 0 }
  } catch (error) {
    const { stderr, code } = error as { stderr: string; code: number }
    return { out: stderr, code }
  }
}

describe('probity init', () => {
  it('writes a configuration that is valid, and replaces none', async () => {
    const folder = await tempFolder()
    const { out } = await probity(folder, ['init'])
    expect(out).toContain('wrote config/targets.yml\n')
    expect(out).not.toMatch(/Kustomization|library/)
    expect(out).toContain('Next: probity solo\nNext, with a Prometheus of your own: probity exporter\n')
    expect((await probity(folder, ['check'])).out).toContain('config/targets.yml: valid, 1 target,')
    await writeFile(join(folder, 'config/targets.yml'), 'targets: []\n')
    const again = await probity(folder, ['init'])
    expect(again).toEqual({
      code: 1,
      out: 'config/notify.yml already exists: name another folder, or move the file away\n',
    })
    expect(await readFile(join(folder, 'config/targets.yml'), 'utf8')).toBe('targets: []\n')
  })

  it('asks for the first target, and keeps what is secret in .env', async () => {
    const folder = await tempFolder()
    const typed = 'https://shop.example.com/\n\n200\n300ms\nhttps://hooks.slack.com/services/key\n'
    const { out } = await probity(folder, ['init', '--interactive', 'mine'], typed)
    expect(out).toContain('Next: probity solo --config.file mine/targets.yml --notify.file mine/notify.yml\n')
    const check = ['check', 'mine/targets.yml', '--notify.file', 'mine/notify.yml']
    const { out: summary } = await probity(folder, check)
    expect(summary).toMatch(/^ {2}shop\.example\.com +http +https:\/\/shop\.example\.com\/ /m)
    expect(summary).toContain('mine/notify.yml: valid, 1 channel, 5 left out, 2 routes\n')
    expect((await stat(join(folder, '.env'))).mode & 0o777).toBe(0o600)
  })

  it('asks again for what is not valid, and not forever', async () => {
    const answers = [
      'shop.example.com',
      'ftp://a/',
      'https://shop.example.com/',
      '',
      'ok',
      'fine',
      'good',
      '300',
      '300ms',
    ]
    const said: string[] = []
    const { targets } = await askForTarget({
      ask: (_, byDefault) => Promise.resolve(answers.shift() || byDefault),
      say: (line) => void said.push(line),
    })
    expect(targets).toContain('name: shop.example.com\n    url: https://shop.example.com/\n')
    expect(targets).toContain('status: 2xx\n      max_latency: 300ms\n')
    expect(said).toEqual([
      expect.stringContaining('shop.example.com'),
      expect.stringContaining('ftp://a/'),
      ...Array.from({ length: 3 }, () => expect.stringContaining('2xx') as string),
      'Keeping 2xx: edit targets.yml to change it.',
      expect.stringContaining('300 has no unit'),
    ])
  })

  it('has an answer for each question', async () => {
    const folder = await tempFolder()
    await probity(folder, ['init', '--interactive'], '')
    const { out } = await probity(folder, ['check'])
    expect(out).toMatch(/^ {2}example\.com +http +https:\/\/example\.com\/ /m)
  })
})

describe('a file .env in the working directory', () => {
  it('sets variables that the environment does not set', async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, 'targets.yml'), 'targets: [{ name: "${NAME}", tcp: "a:1" }]\n')
    await writeFile(join(folder, '.env'), 'NAME="from the file"\nPATH=/nowhere\n')
    expect((await probity(folder, ['check', 'targets.yml'])).out).toContain('  from the file  ')
  })

  it('is an error if it cannot be read', async () => {
    const folder = await tempFolder()
    await mkdir(join(folder, '.env'))
    const { out, code } = await probity(folder, ['check', 'targets.yml'])
    expect(code).toBe(1)
    expect(out).toMatch(/^\.env cannot be read: /)
  })
})
