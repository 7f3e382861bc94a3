/** A request that asks for more work than is done for one. It is answered with 413. */
export class TooMuchWork extends Error {
  override name = 'TooMuchWork'
  readonly status = 413
}

/** What one request may ask for. */
export const bounds = {
  /** The batches of OpenTelemetry's collector have 8,192, those of its SDKs 512. */
  spans: 32_768,
  /** Resources, scopes and whatever else stands outside spans: a span alone in its scope and resource comes with about seven. */
  parts: 262_144,
  /** Fields of protobuf messages that are read or passed over: a span with twenty attributes has about a hundred. */
  fields: 2_000_000,
  /** The same in one span: an SDK keeps 128 attributes. */
  fieldsOfSpan: 4096,
  /** Bytes of one span, or of anything else that is not a list of spans, in JSON. */
  jsonValue: 256 * 1024,
  /** UTF-8 bytes of a text: no field of a call takes as much. */
  text: 8 * 1024,
} as const

/** Counts the work of one request. */
export class Work {
  #spans = 0
  #parts = 0
  #fields = 0

  /** @throws {@link TooMuchWork} */
  span(): void {
    this.#spans++
    if (this.#spans > bounds.spans)
      throw new TooMuchWork(`a request may have at most ${shown(bounds.spans)} spans`)
  }

  /**
   * To be called for everything that is gone through and is not a span, however little it holds.
   *
   * @throws {@link TooMuchWork}
   */
  part(): void {
    this.#parts++
    if (this.#parts > bounds.parts)
      throw new TooMuchWork(
        `a request may have at most ${shown(bounds.parts)} resources, scopes and other fields`,
      )
  }

  /** @throws {@link TooMuchWork} */
  field(): void {
    this.#fields++
    if (this.#fields > bounds.fields)
      throw new TooMuchWork(`a request may have at most ${shown(bounds.fields)} fields`)
  }

  /**
   * A count of fields of one message. Fields count for the request, too.
   *
   * @throws {@link TooMuchWork}
   */
  message(): () => void {
    let fields = 0
    return () => {
      this.field()
      fields++
      if (fields > bounds.fieldsOfSpan)
        throw new TooMuchWork(`a span or a resource may have at most ${shown(bounds.fieldsOfSpan)} fields`)
    }
  }
}

export function shown(count: number): string {
  return count.toLocaleString('en')
}
