import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromArchive, fromClone } from './first-start/ways.ts'

/** `npm run first-start`: how long a newcomer waits, with a clone of what is committed and with the archive of what is built. */

const folder = await mkdtemp(join(tmpdir(), 'probity-first-start-'))
const shown = (seconds: number): string => `${seconds.toFixed(1)} s`
try {
  const { install, first: archive } = await fromArchive(folder)
  console.log(`archive: installed after ${shown(install)}, first result ${shown(archive.result)} later`)
  const { first, second } = await fromClone(folder)
  console.log(`clone: npm start, page after ${shown(first.page)}, first result after ${shown(first.result)}`)
  console.log(`again: page after ${shown(second.page)}, first result after ${shown(second.result)}`)
} finally {
  await rm(folder, { recursive: true })
}
