/** The most UTF-16 code units of each field. Longer values are cut, by the sender and by the receiver. */
export const limits = {
  method: 32,
  host: 253,
  /** Of what a sender writes; a receiver takes longer ones. */
  path: 512,
  operation: 200,
  caller: 100,
  version: 100,
  error: 100,
} as const

/** Printable ASCII that neither begins nor ends with a space: most values, which stay as they are. */
const plain = /^[!-~](?:[ -~]*[!-~])?$/
const controls = /[\p{Cc}\u2028\u2029]/gu

/** A text that fits into one field: without control characters and outer white space, and at most `limit` long. */
export function cleanField(text: string, limit: number): string {
  if (text === '' || (text.length <= limit && plain.test(text))) return text
  // What is far too long is cut before it is looked at, so that a hostile line costs no more than others.
  return cleanText(text.length > 2 * limit ? text.slice(0, 2 * limit) : text)
    .trim()
    .slice(0, limit)
    .toWellFormed()
    .trim()
}

/** A text without control characters: a space stands where each was. Half a surrogate pair becomes U+FFFD. */
export function cleanText(text: string): string {
  return plain.test(text) ? text : text.replace(controls, ' ').toWellFormed()
}
