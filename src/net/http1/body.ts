/** Takes the bytes of a body apart. */
export interface BodyReader {
  /**
   * Takes the next bytes.
   *
   * @returns Nothing while the body goes on; what follows it once it has ended.
   * @throws BodyError
   */
  readonly push: (bytes: Buffer) => Buffer | undefined
}

/** The bytes of a body cannot be taken apart. */
export class BodyError extends Error {
  override name = 'BodyError'
}

/** A body that ends after so many bytes. */
export function sizedBody(length: number, onData: (data: Buffer) => void): BodyReader {
  let left = length
  return {
    push(bytes) {
      const data = bytes.subarray(0, left)
      left -= data.length
      if (data.length > 0) onData(data)
      return left > 0 ? undefined : bytes.subarray(data.length)
    },
  }
}

/** A body that ends with its connection. */
export function openBody(onData: (data: Buffer) => void): BodyReader {
  return {
    push(bytes) {
      if (bytes.length > 0) onData(bytes)
      return undefined
    },
  }
}
