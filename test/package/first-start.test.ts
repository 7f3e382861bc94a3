import { describe, expect, it } from 'vitest'
import { fromArchive, fromClone } from '../../scripts/first-start/ways.ts'
import { proveAll } from '../support/proof.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** Both take minutes where the registry is slow or the machine is busy; test/scripts/start-sh.test.ts has the logic. */
describe.runIf(proveAll)('a first start', () => {
  it('in a clone ends with a result, and the second one installs and builds nothing', async () => {
    const { first, second } = await fromClone(await tempFolder())
    expect(first.output).toContain('Installing packages (once) ...')
    expect(second.output).not.toMatch(/Installing|Building/)
    expect(second.page).toBeLessThan(first.page)
    console.log(
      `clone: ${first.result.toFixed(1)} s to the first result, again ${second.page.toFixed(1)} s to the page`,
    )
  })

  it('of the archive ends with a result', async () => {
    const { install, first } = await fromArchive(await tempFolder())
    expect(first.output).toContain('Alerts go to nobody yet')
    console.log(
      `archive: ${install.toFixed(1)} s to install, ${first.result.toFixed(1)} s to the first result`,
    )
  })
})
