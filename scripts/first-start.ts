import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { freshDebian } from './first-start/debian.ts'
import { thisMachine } from './first-start/machine.ts'
import { fromArchive, fromClone, verified } from './first-start/ways.ts'

/**
 * `npm run first-start -- [--debian SUITE] [--verify]`: how long a newcomer waits, with a clone of what is committed and with the
 * archive of what is built; on this machine, or in a fresh Debian. `--verify` also runs `npm run verify` in a clone.
 */
const { values } = parseArgs({
  options: { debian: { type: 'string' }, verify: { type: 'boolean', default: false } },
})
const scratch = await mkdtemp(join(tmpdir(), 'probity-first-start-'))
const shown = (seconds: number): string => `${seconds.toFixed(1)} s`
try {
  const { debian } = values
  const machine =
    debian === undefined ? thisMachine(scratch) : await freshDebian(debian, join(scratch, debian))
  const { install, first: archive } = await fromArchive(machine)
  console.log(`archive: installed after ${shown(install)}, first result ${shown(archive.result)} later`)
  const { first, second } = await fromClone(machine)
  console.log(`clone: npm start, page after ${shown(first.page)}, first result after ${shown(first.result)}`)
  console.log(`again: page after ${shown(second.page)}, first result after ${shown(second.result)}`)
  if (values.verify) {
    const passed = await verified(machine, console.log)
    process.exitCode = passed ? 0 : 1
  }
} finally {
  await rm(scratch, { recursive: true })
}
