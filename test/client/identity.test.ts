import { describe, expect, it } from 'vitest'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { identify, type IdentityOptions } from '../../client/src/identity.ts'
import { tempFolder } from '../support/temp-folder.ts'

/** A program in a folder below its package.json, with a package.json without a name between the two. */
async function program(manifest: string): Promise<IdentityOptions> {
  const folder = await tempFolder()
  await mkdir(join(folder, 'dist'))
  await writeFile(join(folder, 'package.json'), manifest)
  await writeFile(join(folder, 'dist', 'package.json'), '{ "type": "module" }')
  return { env: {}, main: join(folder, 'dist', 'app.js'), workingDirectory: '/' }
}

describe('who calls', () => {
  it('is what the program says, then the environment, then the nearest package.json that has a name', async () => {
    const options = await program('{ "name": "shop", "version": "1.2.3" }')
    const env = { PROBITY_CALLER: 'from-env', PROBITY_VERSION: '9' }
    expect(identify(options)).toEqual({ caller: 'shop', version: '1.2.3' })
    expect(identify({ ...options, env })).toEqual({ caller: 'from-env', version: '9' })
    expect(identify({ ...options, env, caller: 'told' })).toEqual({ caller: 'told', version: '9' })
    expect(identify({ ...options, version: '7' })).toEqual({ caller: 'shop', version: '7' })
    expect(identify({ ...options, caller: '', version: '' })).toEqual({ caller: '', version: '' })
  })

  it('is looked up from the working directory when there is no file', async () => {
    const { main } = await program('{ "name": "shop" }')
    const workingDirectory = join(main!, '..')
    expect(identify({ env: {}, main: undefined, workingDirectory })).toEqual({ caller: 'shop', version: '' })
  })

  it('is nobody when nothing says it', async () => {
    const options = await program('not JSON')
    expect(identify(options)).toEqual({ caller: '', version: '' })
  })
})
