import { rename, rm, writeFile } from 'node:fs/promises'

/** A folder that can be lost. */
export interface BreakableFolder {
  /** From now on nothing in it can be read or written, by root either. */
  readonly lose: () => Promise<void>
  /** It is back, with what was in it. */
  readonly bringBack: () => Promise<void>
}

/** Takes a folder away as a disk is, by a file in its place. */
export function breakable(folder: string): BreakableFolder {
  return {
    async lose() {
      await rename(folder, `${folder}.away`)
      await writeFile(folder, '')
    },
    async bringBack() {
      await rm(folder)
      await rename(`${folder}.away`, folder)
    },
  }
}
