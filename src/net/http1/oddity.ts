/** In what an answer departs from RFC 9112, though it can be read: a closed set, because it becomes a label. */
export const oddityWords = {
  'empty-lines-before': 'empty lines before the status line',
  'status-line': 'a status line in another form',
  version: 'a version of HTTP other than 1.0 and 1.1',
  'bare-lf': 'lines that end without a carriage return',
  'line-end': 'blanks between a carriage return and its line feed',
  'control-character': 'a control character in the status line or in a header',
  nul: 'a NUL character in the status line or in a header',
  'folded-header': 'a header that goes on in the next line',
  'blank-before-colon': 'a blank between the name of a header and its colon',
  'header-name': 'a character in the name of a header that is not allowed there',
  'not-a-header': 'a header line without a colon, or without a name before it',
  'head-too-large': 'more bytes of headers than are accepted',
  'length-and-chunked': 'a Content-Length together with chunks, which count',
  'repeated-length': 'a Content-Length that is repeated',
  'different-lengths': 'Content-Lengths that differ',
  'invalid-length': 'a Content-Length that is not a number of bytes',
  'empty-length': 'a Content-Length without a value',
  'transfer-coding': 'a Transfer-Encoding of identity, one that is repeated, or one in HTTP/1.0',
  'unknown-coding': 'a Transfer-Encoding that is neither chunked nor identity',
  'body-not-allowed': 'a body where the status allows none',
  'chunk-size': 'blanks around the size of a chunk',
  'bytes-after-end': 'more bytes after the end of the answer',
} as const

export type Oddity = keyof typeof oddityWords

/** Takes note of what is odd. */
export type NoteOddity = (oddity: Oddity) => void
