/**
 * Bytes on their way from a connection to the reader. What arrives is never paused, so that the code that fills the queue has
 * to bound it.
 */
export class ChunkQueue implements AsyncIterable<Buffer> {
  readonly #chunks: Buffer[] = []
  #ended = false
  #error: Error | undefined
  #wake: (() => void) | undefined

  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#wake?.()
  }

  /** After the chunks that are there, the reader comes to the end. */
  end(): void {
    this.#ended = true
    this.#wake?.()
  }

  /** After the chunks that are there, the reader gets this error. */
  fail(error: Error): void {
    this.#error ??= error
    this.end()
  }

  // Not a generator, which has three promises for each chunk.
  [Symbol.asyncIterator](): AsyncIterator<Buffer, undefined> {
    return { next: () => this.#next() }
  }

  async #next(): Promise<IteratorResult<Buffer, undefined>> {
    for (;;) {
      const value = this.#chunks.shift()
      if (value) return { done: false, value }
      if (this.#error) throw this.#error
      if (this.#ended) return { done: true, value: undefined }
      await this.#arrival()
    }
  }

  async #arrival(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    this.#wake = undefined
  }
}
