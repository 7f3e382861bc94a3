import { execFile } from 'node:child_process'
import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { machineIn, type Machine } from './machine.ts'

const run = promisify(execFile)

/** What it has besides the smallest Debian. */
const packages = ['ca-certificates', 'git', 'nodejs', 'npm']

/** Where a machine keeps the authorities that its owner added to those of the system. */
const authorities = 'etc/ssl/certs/of-this-machine.crt'

/**
 * A Debian with nothing but git and its own Node.js, in a folder: as root, with debootstrap.
 *
 * @param suite `trixie` (Debian 13) has Node.js 20.19, `sid` has a newer one.
 * @param root An absolute path, which must not exist.
 * @throws What debootstrap or apt-get printed.
 */
export async function freshDebian(suite: string, root: string): Promise<Machine> {
  await run('debootstrap', ['--variant=minbase', suite, root])
  await copyFile('/etc/resolv.conf', join(root, 'etc/resolv.conf'))
  // Every container and every installed machine has it.
  await writeFile(join(root, 'etc/hosts'), '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n')
  // Packages do not start their servers.
  await writeFile(join(root, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  // Behind a proxy that decrypts, a machine has more authorities than Debian brings.
  const { NODE_EXTRA_CA_CERTS: bundle } = process.env
  if (bundle !== undefined) {
    await mkdir(join(root, 'etc/ssl/certs'), { recursive: true })
    await copyFile(bundle, join(root, authorities))
  }
  const machine = machineIn(root, bundle === undefined ? {} : { NODE_EXTRA_CA_CERTS: `/${authorities}` })
  // debootstrap leaves the lists of packages behind.
  const install = ['apt-get', 'install', '-q', '-y', '--no-install-recommends', ...packages]
  const [program = '', ...args] = machine.command(['env', 'DEBIAN_FRONTEND=noninteractive', ...install], root)
  await run(program, args)
  return machine
}
