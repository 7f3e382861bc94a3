/** A regex that matches what a `pat(...)` of Gatus does: `*` stands for any text, and the whole has to match. */
export function globSource(glob: string): string {
  return `^${glob.split('*').map(quoteRegex).join('.*')}$`
}

/** Text in which nothing has a meaning in a regex. */
export function quoteRegex(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
