import { describe, expect, it } from 'vitest'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findUser } from '../../../src/lib/io/system-user.ts'
import { tempFolder } from '../../support/temp-folder.ts'

describe('findUser', () => {
  it('finds a user by name or number in a list as the system has it, and passes over what is none', async () => {
    const path = join(await tempFolder(), 'passwd')
    await writeFile(
      path,
      '# comment\nbroken:x\nroot:x:0:0:root:/root:/bin/sh\nweb:x:33:34::/srv/web:/usr/sbin/nologin\n',
    )
    const web = { name: 'web', uid: 33, gid: 34, home: '/srv/web' }
    expect(await findUser('web', path)).toEqual(web)
    expect(await findUser('33', path)).toEqual(web)
    expect(await findUser('nobody', path)).toBeUndefined()
    expect(await findUser('', path)).toBeUndefined()
  })
})
