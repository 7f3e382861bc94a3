import { spawnSync } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { breakable } from '../../test/support/broken-folder.ts'

/** A disk that can be out of order. */
export interface Disk {
  readonly folder: string
  /** How it is out of order: full, if it is a file system of this program. */
  readonly how: 'full' | 'gone'
  readonly breakDown: () => Promise<void> | void
  readonly repair: () => Promise<void> | void
  readonly remove: () => void
}

const size = 64 * 2 ** 20

/** A small file system that can be full, where this program may make one; otherwise a folder that can be gone. */
export async function makeDisk(folder: string): Promise<Disk> {
  await mkdir(folder)
  const mounted =
    spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'tmpfs', folder]).status === 0
  if (!mounted) {
    const { lose, bringBack } = breakable(folder)
    return { folder, how: 'gone', breakDown: lose, repair: bringBack, remove: () => undefined }
  }
  const ballast = join(folder, 'ballast')
  return {
    folder,
    how: 'full',
    breakDown: () => {
      fill(ballast)
    },
    repair: () => {
      rmSync(ballast, { force: true })
    },
    remove: () => {
      spawnSync('umount', ['-l', folder])
    },
  }
}

/** Writes until nothing fits any more: whole pages first, then single bytes. */
function fill(path: string): void {
  const file = openSync(path, 'w')
  for (const length of [2 ** 20, 4096, 1]) {
    const piece = Buffer.alloc(length)
    try {
      for (let written = 0; written < 2 * size; written += length) writeSync(file, piece)
    } catch {
      // It is full for pieces of this length.
    }
  }
  closeSync(file)
}
