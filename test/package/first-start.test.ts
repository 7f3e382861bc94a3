import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshDebian } from '../../scripts/first-start/debian.ts'
import { thisMachine } from '../../scripts/first-start/machine.ts'
import { fromArchive, fromClone } from '../../scripts/first-start/ways.ts'
import { findTool } from '../support/programs/find-tool.ts'
import { proveAll } from '../support/proof.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** Both take minutes where the registry is slow or the machine is busy; test/scripts/start-sh.test.ts has the logic. */
describe.runIf(proveAll)('a first start', () => {
  it('in a clone ends with a result, and the second one installs and builds nothing', async () => {
    const { first, second } = await fromClone(thisMachine(await tempFolder()))
    expect(first.output).toContain('Installing packages (once) ...')
    expect(second.output).not.toMatch(/Installing|Building/)
    expect(second.page).toBeLessThan(first.page)
    console.log(
      `clone: ${first.result.toFixed(1)} s to the first result, again ${second.page.toFixed(1)} s to the page`,
    )
  })

  it('of the archive ends with a result', async () => {
    const { install, first } = await fromArchive(thisMachine(await tempFolder()))
    expect(first.output).toContain('Alerts go to nobody yet')
    console.log(
      `archive: ${install.toFixed(1)} s to install, ${first.result.toFixed(1)} s to the first result`,
    )
  })
})

/** A folder becomes a machine with chroot, which only root may. */
const makesDebians = proveAll && process.getuid?.() === 0 && findTool('debootstrap') !== undefined

describe.runIf(makesDebians).each(['trixie', 'sid'])('a first start in a fresh Debian (%s)', (suite) => {
  it('needs nothing but its Node.js', async () => {
    const machine = await freshDebian(suite, join(await tempFolder(), suite))
    const { install, first: archive } = await fromArchive(machine)
    const { first, second } = await fromClone(machine)
    console.log(
      `${suite}: archive ${install.toFixed(1)} s and ${archive.result.toFixed(1)} s, clone ${first.result.toFixed(1)} s, again ${second.page.toFixed(1)} s`,
    )
    expect(second.output).not.toMatch(/Installing|Building/)
  })
})
