import ts from '@typescript/typescript6'

const marks = /^[ \t]*(?:\/\/|\/\*\*?|\*\/|\*|#|--)|\*\/[ \t]*$/gm

/** What people read in a file: all of it, or the comments and the texts of a program. Lines stay where they are. */
export function textsIn(file: string, content: string): string {
  return withoutMarks(/\.[cm]?ts$/.test(file) ? commentsAndStrings(content) : content)
}

/** A text with blanks in the place of what marks a comment. */
export function withoutMarks(content: string): string {
  return content.replace(marks, (mark) => ' '.repeat(mark.length))
}

/** The program with blanks in the place of everything but its comments and texts. */
function commentsAndStrings(content: string): string {
  const source = ts.createSourceFile('file.ts', content, ts.ScriptTarget.Latest, true)
  const kept = Array.from(content, () => false).concat(false)
  const keep = (from: number, to: number): void => void kept.fill(true, from, to)
  const visit = (node: ts.Node): void => {
    for (const { pos, end } of ts.getLeadingCommentRanges(content, node.getFullStart()) ?? []) keep(pos, end)
    for (const { pos, end } of ts.getTrailingCommentRanges(content, node.end) ?? []) keep(pos, end)
    if (isText(node)) keep(node.getStart(source), node.end)
    node.getChildren(source).forEach(visit)
  }
  visit(source)
  return content.replace(/[^\n]/g, (character, at: number) => (kept[at] ? character : ' '))
}

const isText = (node: ts.Node): boolean =>
  ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)
