import { beforeEach, describe, expect, it, vi } from 'vitest'
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { foreignFormats } from '../../src/foreign/index.ts'
import { notifyTypes } from '../../src/app/channels.ts'
import { importCommand, writeImported } from '../../src/commands/import.ts'
import { minitorImporter } from '../../src/foreign/minitor/import.ts'
import { loadConfig } from '../../src/config/load/load.ts'
import { loadNotify } from '../../src/config/notify/load.ts'
import { blogExample } from '../support/minitor.ts'
import { tempFolder } from '../support/temp-folder.ts'

let folder: string
let file: string

beforeEach(async () => {
  folder = await tempFolder()
  file = join(folder, 'minitor.yml')
})

const env = { MAILGUN_API_KEY: 'sesame-1', TOKEN: 'sesame-2' }

const importText = async (text: string): ReturnType<typeof minitorImporter.read> => {
  await writeFile(file, text)
  return minitorImporter.read(file, env)
}

describe('probity import --out', () => {
  const run = async (out: string): Promise<string> => {
    await writeFile(file, blogExample)
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    try {
      const command = (await importCommand()).exitOverride()
      await command.parseAsync(['minitor', file, '--out', out], { from: 'user' })
      return write.mock.calls.map(([text]) => String(text)).join('')
    } finally {
      write.mockRestore()
    }
  }

  it('takes a folder, which is made, and says so', async () => {
    const out = join(folder, 'made')
    expect(await run(out)).toContain(
      `wrote ${join(out, 'targets.yml')} (${out} is a folder)\nwrote ${join(out, 'notify.yml')} (${out} is a folder)\n`,
    )
  })

  it('takes a file, and says so', async () => {
    const out = join(folder, 'made', 'shop.yml')
    expect(await run(out)).toContain(
      `wrote ${out} (the file of --out)\nwrote ${join(folder, 'made', 'notify.yml')} (next to ${out})\n`,
    )
    expect((await readdir(join(folder, 'made'))).sort()).toEqual(['notify.yml', 'shop.yml'])
  })

  it('takes a folder that is there for one, whatever its name is', async () => {
    const out = join(folder, 'config.yml')
    await mkdir(out)
    await run(out)
    expect((await readdir(out)).sort()).toEqual(['notify.yml', 'targets.yml'])
  })

  it.each(['notify.yml', 'there.txt'])('refuses %s, which can be neither', async (name) => {
    const out = join(folder, name)
    await writeFile(out, 'kept')
    await expect(run(out)).rejects.toThrow(
      `--out ${out}: expected a folder, or a file for the targets whose name ends with .yml and is not notify.yml`,
    )
    expect(await readFile(out, 'utf8')).toBe('kept')
  })
})

describe('probity import minitor', () => {
  it('makes files that mean what the file of Minitor means', async () => {
    const text = `${blogExample}  json:
    command: [post, "\${TOKEN}", '{{"text": "{monitor_name}"}}']
`.replace('alerts: [ log, mailgun ]', 'alerts: [ log, mailgun, json ]\n    alert_up: [json]')
    const written = await writeImported(await importText(text), { folder }, false)
    const options = { env, foreign: foreignFormats, types: notifyTypes }
    const [ours, theirs] = await Promise.all([
      loadConfig(join(folder, 'targets.yml'), options),
      loadConfig(file, options),
    ])
    const [notify, alerts] = await Promise.all([
      loadNotify(join(folder, 'notify.yml'), options),
      loadNotify(file, options),
    ])
    expect(written).toEqual([join(folder, 'targets.yml'), join(folder, 'notify.yml')])
    expect(ours.targets).toEqual(theirs.targets)
    expect(ours.targets).toHaveLength(1)
    expect(notify.channels).toEqual(alerts.channels)
    expect(notify.channels.map(({ name }) => name)).toEqual(['mailgun', 'json'])
  })

  it('writes no secret, and nobody else can read what it writes', async () => {
    await writeImported(await importText(blogExample), { folder }, false)
    const notify = join(folder, 'notify.yml')
    const text = await readFile(notify, 'utf8')
    expect(text).toContain('${MAILGUN_API_KEY}')
    expect(text).not.toContain('sesame')
    expect((await stat(notify)).mode & 0o777).toBe(0o600)
  })

  it('says what could not be carried over', async () => {
    const text = `startup_alerts: [a]
monitors: [{ name: m, command: [c], alert_down: [a] }]
alerts: { a: { command: ["{{.MonitorName}} {{ANSIC .LastSuccess}}"] } }`
    const { notes } = await importText(text)
    expect(notes).toEqual([
      'alert a: {{ANSIC .LastSuccess}} is not supported here and stays as it is',
      'startup_alerts: a is not run at the start; probity notify test runs every alert',
    ])
  })

  it('replaces nothing that is there, and writes all or nothing', async () => {
    const imported = await importText(blogExample)
    const notify = join(folder, 'notify.yml')
    await writeFile(notify, 'mine')
    const refusal = {
      code: 'FILE_EXISTS',
      message: `${notify} already exists: choose another --out, or use --force`,
    }
    await expect(writeImported(imported, { folder }, false)).rejects.toMatchObject(refusal)
    expect((await readdir(folder)).sort()).toEqual(['minitor.yml', 'notify.yml'])
    await writeImported(imported, { folder }, true)
    expect(await readFile(notify, 'utf8')).toContain('mailgun')
  })

  it('makes the folder, and says where it cannot', async () => {
    const imported = await importText(blogExample)
    await writeImported(imported, { folder: join(folder, 'made', 'here') }, false)
    expect((await readdir(join(folder, 'made', 'here'))).sort()).toEqual(['notify.yml', 'targets.yml'])
    await expect(writeImported(imported, { folder: join(file, 'below') }, false)).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
    })
  })

  it('refuses what is not a Minitor file', async () => {
    const refusal = {
      code: 'IMPORT_UNKNOWN',
      message: `${file} is not a Minitor file: it has no list of monitors`,
    }
    await expect(importText('targets: [https://example.com]')).rejects.toMatchObject(refusal)
    await expect(importText('monitors: [{ name: m }]')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: `${file}:1:12 monitors[0].command: is missing: expected a program with its arguments, or text for a shell`,
    })
  })
})
