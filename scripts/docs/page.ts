/**
 * A page that is written by hand, but for what stands between two marks: `<!-- generated: NAME -->` and the end.
 *
 * @param path Where it is, for messages.
 * @param tables What stands between the marks, by name.
 */
export function withTables(
  path: string,
  page: string,
  tables: Readonly<Record<string, () => string>>,
): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    const [begin, end] = [`<!-- generated: ${name} -->`, '<!-- end of what is generated -->']
    const from = text.indexOf(begin)
    const to = text.indexOf(end, from)
    if (from < 0 || to < 0) throw new Error(`${path} has no place for the table of ${name}`)
    return `${text.slice(0, from)}${begin}\n\n${table()}\n\n${text.slice(to)}`
  }, page)
}
