/** Collects parts of some bytes. */
export interface Gathered {
  readonly add: (from: number, to: number) => void
  /** All parts, one after the other. */
  readonly all: () => Buffer
}

/** Bytes of a part that is copied one by one. */
const tiny = 16

/**
 * Collects parts of some bytes in one piece. A body of a million chunks of one byte must not become a million objects, which take
 * a hundred times its memory; one part alone is not copied.
 */
export function gather(bytes: Buffer): Gathered {
  let only = bytes.subarray(0, 0)
  let copy: Buffer | undefined
  let length = 0
  return {
    add(from, to) {
      if (length === 0) only = bytes.subarray(from, to)
      else {
        if (!copy) {
          copy = Buffer.allocUnsafeSlow(bytes.length)
          only.copy(copy)
        }
        if (to - from > tiny) bytes.copy(copy, length, from, to)
        // A call of the copy takes longer than these bytes.
        else for (let at = from; at < to; at++) copy[length + at - from] = bytes[at] ?? 0
      }
      length += to - from
    },
    all: () => copy?.subarray(0, length) ?? only,
  }
}
