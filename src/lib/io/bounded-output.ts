/** Collects bytes and keeps a bounded part of them: the first half of the bound and the last. */
export interface BoundedOutput {
  readonly add: (chunk: Buffer) => void
  /** Bytes that came, kept or not. */
  readonly bytes: () => number
  /** What was kept, as UTF-8; a line says where something is missing. Bytes that are not UTF-8 become U+FFFD. */
  readonly text: () => string
}

/** @param maxBytes How much is kept at most. */
export function boundedOutput(maxBytes: number): BoundedOutput {
  const headRoom = Math.ceil(maxBytes / 2)
  const tailRoom = maxBytes - headRoom
  const head: Buffer[] = []
  let headBytes = 0
  let tail: Buffer[] = []
  let tailBytes = 0
  let total = 0

  function addToTail(chunk: Buffer): void {
    tail.push(chunk)
    tailBytes += chunk.length
    // Joined only now and then, so that many small chunks do not cost a copy each.
    if (tailBytes > 2 * tailRoom + 4096) {
      const joined = Buffer.concat(tail)
      const kept = Buffer.from(joined.subarray(joined.length - tailRoom))
      tail = [kept]
      tailBytes = kept.length
    }
  }

  return {
    add(chunk) {
      total += chunk.length
      const first = chunk.subarray(0, headRoom - headBytes)
      if (first.length > 0) {
        head.push(first)
        headBytes += first.length
      }
      if (first.length < chunk.length) addToTail(chunk.subarray(first.length))
    },
    bytes: () => total,
    text() {
      const joined = Buffer.concat(tail)
      const kept = joined.subarray(Math.max(0, joined.length - tailRoom))
      const missing = total - headBytes - kept.length
      if (missing === 0) return Buffer.concat([...head, kept]).toString('utf8')
      return `${Buffer.concat(head).toString('utf8')}\n[… ${missing} bytes left out …]\n${kept.toString('utf8')}`
    },
  }
}
