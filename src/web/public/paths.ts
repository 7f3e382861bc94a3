/** Where something is found below every path that a page may have. @param below With a slash at its beginning. */
export function publicPaths(below: string): string[] {
  return [`/public${below}`, `/status/:page${below}`]
}
