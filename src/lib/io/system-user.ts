import { readFile } from 'node:fs/promises'

/** A user of the machine. */
export interface SystemUser {
  readonly name: string
  readonly uid: number
  readonly gid: number
  readonly home: string
}

/**
 * Finds a user by name or by number.
 *
 * @param path The list of users, in the format of passwd(5). Default `/etc/passwd`.
 * @returns Nothing where there is none.
 * @throws Whatever the file system said.
 */
export async function findUser(nameOrNumber: string, path = '/etc/passwd'): Promise<SystemUser | undefined> {
  for (const line of (await readFile(path, 'utf8')).split('\n')) {
    const [name = '', , uid = '', gid = '', , home = '/'] = line.split(':')
    if (name === '' || !/^\d+$/.test(uid) || !/^\d+$/.test(gid)) continue
    if (name === nameOrNumber || uid === nameOrNumber)
      return { name, uid: Number(uid), gid: Number(gid), home }
  }
  return undefined
}
