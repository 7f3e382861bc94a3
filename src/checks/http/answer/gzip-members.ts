import { promisify } from 'node:util'
import { inflateRaw, type InflateRaw, type ZlibOptions } from 'node:zlib'

// With `info`, the result is an object that has the engine: the types of Node.js do not know that.
const inflate = promisify(
  inflateRaw as unknown as (
    bytes: Buffer,
    options: ZlibOptions,
    done: (error: Error | null, result: { readonly engine: InflateRaw }) => void,
  ) => void,
)

/** Members that are followed: each costs the start of a thread, and nobody sends many with something else after them. */
const maxMembers = 100

const fixedHeader = 10
const trailer = 8

/**
 * How many bytes at the beginning are members of a gzip archive (RFC 1952): browsers overlook what else comes after them.
 *
 * @param maxBytes That a member is unpacked into.
 * @returns The length of everything where no member comes to its end.
 */
export async function membersLength(bytes: Buffer, maxBytes: number): Promise<number> {
  let at = 0
  for (let members = 0; members < maxMembers && isMember(bytes, at); members++) {
    const data = dataOf(bytes, at)
    try {
      const options = { info: true, maxOutputLength: maxBytes }
      const { engine } = await inflate(bytes.subarray(data), options)
      at = data + engine.bytesWritten + trailer
    } catch {
      return bytes.length
    }
  }
  return at === 0 ? bytes.length : Math.min(at, bytes.length)
}

function isMember(bytes: Buffer, at: number): boolean {
  return bytes[at] === 0x1f && bytes[at + 1] === 0x8b
}

/** Where the data of a member begins: section 2.3. */
function dataOf(bytes: Buffer, member: number): number {
  const [flags = 0] = bytes.subarray(member + 3)
  let at = member + fixedHeader
  if (flags & 4) {
    const [low = 0, high = 0] = bytes.subarray(at)
    at += 2 + low + 256 * high
  }
  if (flags & 8) at = afterNul(bytes, at)
  if (flags & 16) at = afterNul(bytes, at)
  return flags & 2 ? at + 2 : at
}

function afterNul(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(0, from)
  return end < 0 ? bytes.length : end + 1
}
