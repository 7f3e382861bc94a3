/** A value of JSON that was written as text: a number with all its digits, `true`, `false`, `null`, or the text. */
export function jsonValue(text: string): string | number | bigint | boolean | null {
  if (/^-?\d+$/.test(text) && !Number.isSafeInteger(Number(text))) return BigInt(text)
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return Number(text)
  if (text === 'true' || text === 'false') return text === 'true'
  return text === 'null' ? null : text
}
