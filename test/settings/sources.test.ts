import { describe, expect, it } from 'vitest'
import { execFileSync } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError } from '../../src/settings/errors.ts'
import { loadConfig } from '../../src/config/load/load.ts'
import { tempFolder } from '../support/temp-folder.ts'

async function complaint(path: string): Promise<string> {
  const error: unknown = await loadConfig(path, { env: {} }).catch((reason: unknown) => reason)
  if (!(error instanceof ConfigError)) throw new Error('it was not refused', { cause: error })
  return error.message
}

const namesOf = async (path: string): Promise<string[]> =>
  (await loadConfig(path, { env: {} })).targets.map(({ name }) => name)

describe('a file', () => {
  it('that is not there', async () => {
    const file = join(await tempFolder(), 'targets.yml')
    expect(await complaint(file)).toBe(
      `${file}: cannot be read: no such file: probity init writes a first one, and --config.file names another`,
    )
  })

  it('that is larger than 10 MiB', async () => {
    const file = join(await tempFolder(), 'targets.yml')
    await writeFile(file, Buffer.alloc(10 * 1024 * 1024 + 1, '#'))
    expect(await complaint(file)).toBe(`${file}: is larger than 10 MiB`)
  })

  it('that is not UTF-8', async () => {
    const file = join(await tempFolder(), 'targets.yml')
    await writeFile(
      file,
      Buffer.concat([Buffer.from('# caf\u00e9\n# caf'), Buffer.from([0xe9]), Buffer.from('\ntargets: []\n')]),
    )
    expect(await complaint(file)).toBe(`${file}:2:1: is not UTF-8 text`)
  })

  it('that is UTF-16, as some editors save it', async () => {
    const file = join(await tempFolder(), 'targets.yml')
    await writeFile(file, Buffer.from('\ufefftargets: []\n', 'utf16le'))
    expect(await complaint(file)).toBe(`${file}:1:1: is not UTF-8 text`)
  })

  it('with a byte order mark', async () => {
    const file = join(await tempFolder(), 'targets.yml')
    await writeFile(file, '\ufefftargets: [https://a.example.com]\n')
    expect(await namesOf(file)).toEqual(['https://a.example.com'])
  })

  it('that is a named pipe does not hang', async () => {
    const file = join(await tempFolder(), 'targets.yml')
    execFileSync('mkfifo', [file])
    expect(await complaint(file)).toBe(`${file}: cannot be read: it is not a regular file`)
  })
})

describe('a directory', () => {
  it('is read by name: *.yml and *.yaml, links followed, the rest left alone', async () => {
    const folder = await tempFolder()
    const elsewhere = await tempFolder()
    const write = (name: string, text: string) => writeFile(join(folder, name), text)
    await write('20-b.yml', '- targets: [https://b.example.com]\n')
    await write('10-a.yaml', 'modules: { slow: { timeout: 20s } }\ntargets: [https://a.example.com]\n')
    await write('30-defaults.yml', 'defaults: { module: slow }\n')
    await write('.hidden.yml', 'nonsense')
    await write('notes.txt', 'nonsense')
    await write('notify.yml', 'channels: {}\n')
    await mkdir(join(folder, 'schema.yml'))
    await mkdir(join(folder, '..data'))
    await writeFile(join(elsewhere, 'real'), 'targets: [https://c.example.com]\n')
    await symlink(join(elsewhere, 'real'), join(folder, '40-c.yml'))
    const config = await loadConfig(folder, { env: {} })
    expect(config.targets.map(({ name, timeout }) => [name, timeout])).toEqual([
      ['https://a.example.com', 20],
      ['https://b.example.com', 20],
      ['https://c.example.com', 20],
    ])
    expect(config.moduleNames).toEqual(['slow'])
    expect(config.files).toEqual(
      ['10-a.yaml', '20-b.yml', '30-defaults.yml', '40-c.yml'].map((name) => join(folder, name)),
    )
  })

  it('names a link that leads nowhere', async () => {
    const folder = await tempFolder()
    await symlink('nowhere', join(folder, 'a.yml'))
    expect(await complaint(folder)).toBe(`${join(folder, 'a.yml')}: cannot be read: no such file`)
  })
})

describe('the seed format', () => {
  it('is a list of groups of URLs with labels', async () => {
    const file = join(await tempFolder(), 'targets.yml')
    await writeFile(
      file,
      '- targets: [https://a.example.com, "http://b.example.com/x"]\n  labels: { team: web }\n- targets: [https://c.example.com]\n',
    )
    const { targets } = await loadConfig(file, { env: {} })
    expect(targets.map(({ name, labels, shown }) => [name, labels, shown['labels']])).toEqual([
      ['https://a.example.com', { team: 'web' }, { team: 'web' }],
      ['http://b.example.com/x', { team: 'web' }, { team: 'web' }],
      ['https://c.example.com', {}, undefined],
    ])
  })
})

describe('a secret file', () => {
  it('is found next to the configuration', async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, 'token'), 'sesame\n')
    const file = join(folder, 'targets.yml')
    await writeFile(
      file,
      'targets: [{ name: a, url: "https://a.example.com", auth: { bearer: "${file:token}" } }]\n',
    )
    const config = await loadConfig(file, { env: {} })
    expect(config.targets[0]?.secrets).toEqual(['sesame'])
    expect(config.files).toEqual([file, join(folder, 'token')])
  })
})

describe('expectation files', () => {
  const method = (name: string): string => `method ${name}() {\n  max_latency = 50ms\n}\n`

  it('next to the file are read after it, sorted by name, without folders and hidden ones', async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, 'targets.yml'), 'targets: [https://a.example.com]\n')
    for (const name of ['b', 'a']) await writeFile(join(folder, `${name}.mm`), method(name))
    await writeFile(join(folder, '.c.mm'), 'nonsense')
    await mkdir(join(folder, 'd.mm'))
    const { files } = await loadConfig(join(folder, 'targets.yml'), { env: {} })
    expect(files).toEqual(['targets.yml', 'a.mm', 'b.mm'].map((name) => join(folder, name)))
  })

  it('are enough, in a folder or by themselves', async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, 'a.mm'), method('a'))
    for (const path of [folder, join(folder, 'a.mm')]) {
      const { callTargets } = await loadConfig(path, { env: {} })
      expect(callTargets.map(({ name }) => name)).toEqual(['a'])
    }
  })
})

describe('a folder without a configuration', () => {
  it('is refused', async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, 'README.md'), 'nonsense')
    expect(await complaint(folder)).toBe(`${folder}: has no *.yml file`)
  })
})
