/** In what an answer departs from RFC 9112, though it can be read. */
export type Oddity =
  | 'empty-lines-before'
  | 'status-line'
  | 'version'
  | 'bare-lf'
  | 'control-character'
  | 'folded-header'
  | 'blank-before-colon'
  | 'header-name'
  /** A line of the head that is left out: it has no colon, or no name before it. */
  | 'not-a-header'
  /** The head is larger than the bound; what was within it counts. */
  | 'head-too-large'
  | 'length-and-chunked'
  | 'repeated-length'
  /** The first one counts. */
  | 'different-lengths'
  /** It is left out of account. */
  | 'invalid-length'
  /** 204 and 304 end with their head. */
  | 'body-not-allowed'
  | 'chunk-size'
  | 'bytes-after-end'

/** Takes note of what is odd. */
export type NoteOddity = (oddity: Oddity) => void
