import { inSlices } from './slices.ts'

/** Characters that are encoded at a time. */
const chunk = 65_536

/**
 * Puts a long text together and encodes it, and lets everything else have its turn meanwhile.
 *
 * @param pieces None may take long to make.
 * @param now Milliseconds of a monotonic clock.
 */
export async function textInSlices(pieces: Iterable<string>, now?: () => number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let text = ''
  const flush = (): void => {
    chunks.push(Buffer.from(text))
    text = ''
  }
  await inSlices(
    pieces,
    (piece) => {
      text += piece
      if (text.length >= chunk) flush()
    },
    now,
  )
  flush()
  return Buffer.concat(chunks)
}
