import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { root } from '../../scripts/stack/shipped-files.ts'
import { exporterCommand } from '../../src/commands/exporter.ts'
import { notifierCommand } from '../../src/commands/notifier.ts'
import { soloCommand } from '../../src/commands/solo.ts'
import { describeWithTool } from '../support/programs/tools.ts'
import { tempFolder } from '../support/temp-folder.ts'

const folder = join(root, 'deploy/systemd')
const commands = { solo: soloCommand(), exporter: exporterCommand(), notifier: notifierCommand() }
const read = (name: string): string => readFileSync(join(folder, `probity-${name}.service`), 'utf8')

/** The values of a setting of a unit. */
const values = (unit: string, name: string): string[] =>
  [...unit.matchAll(new RegExp(`^${name}=(.*)$`, 'gm'))].map(([, value = '']) => value)

/** What restricts the process, and does not depend on what it does. */
const restrictions = (unit: string): string[] =>
  unit
    .slice(unit.indexOf('DynamicUser='))
    .split('\n')
    .filter((line) => line !== '')

it('there is a unit for each command that runs until it is stopped', () => {
  expect(readdirSync(folder).sort()).toEqual(
    Object.keys(commands)
      .map((name) => `probity-${name}.service`)
      .sort(),
  )
})

describe.each(Object.entries(commands))('probity-%s.service', (name, { options }) => {
  const unit = read(name)

  it('starts the command, with variables that it knows', () => {
    expect(values(unit, 'ExecStart')).toEqual([`/usr/bin/node /opt/probity/bin/probity.cjs ${name}`])
    const set = values(unit, 'Environment').map((pair) => pair.split('=')[0])
    const known = options.map(({ envVar }) => envVar)
    expect(set.filter((variable) => !known.includes(variable))).toEqual([])
  })

  it('keeps everything that it writes in its own folder', () => {
    const [state] = values(unit, 'StateDirectory')
    expect(values(unit, 'WorkingDirectory')).toEqual([`%S/${state!}`])
    const paths = values(unit, 'Environment').filter((pair) => !pair.includes('=/etc/probity/'))
    expect(paths).not.toEqual([])
    for (const pair of paths) expect(pair).toMatch(new RegExp(`=%S/${state!}(/|$)`))
  })

  it('starts again after a crash, and is restricted like the others', () => {
    expect(values(unit, 'Restart')).toEqual(['on-failure'])
    expect(restrictions(unit)).toEqual(restrictions(read('solo')))
    expect(restrictions(unit)).toEqual(
      expect.arrayContaining([
        'DynamicUser=yes',
        'ProtectSystem=strict',
        'NoNewPrivileges=yes',
        'CapabilityBoundingSet=',
      ]),
    )
  })
})

const suite = (): void => {
  it.each(Object.keys(commands))('finds no mistakes in probity-%s.service', async (name) => {
    const path = join(await tempFolder(), `probity-${name}.service`)
    // The program has to exist, which it does not in /opt on this machine.
    const there = read(name).replace(
      /\/usr\/bin\/node \/opt\/probity/,
      `${process.execPath} ${root.replace(/\/$/, '')}`,
    )
    await writeFile(path, there)
    const { stdout, stderr } = await promisify(execFile)('systemd-analyze', ['verify', '--man=no', path])
    expect(`${stdout}${stderr}`).toBe('')
  })

  it('says that little is exposed', async () => {
    const args = ['security', '--offline=true', '--threshold=20', join(folder, 'probity-solo.service')]
    await expect(promisify(execFile)('systemd-analyze', args)).resolves.toMatchObject({ stderr: '' })
  })
}

// Containers, in which all is proven, have no systemd.
describeWithTool(['systemd-analyze'], 'systemd', suite, { optional: true })
