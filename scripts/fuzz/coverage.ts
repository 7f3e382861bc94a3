import { Session, type Profiler } from 'node:inspector'
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import ts from '@typescript/typescript6'
import { root } from '../stack/shipped-files.ts'

/** The branches of some files. */
export interface Covered {
  readonly branches: number
  readonly taken: number
  /** The code of those that were never taken. */
  readonly missed: readonly string[]
}

/** Counts which branches are taken, from now on, in files that are loaded later. */
export interface Coverage {
  readonly of: (sources: readonly string[]) => Covered
  readonly stop: () => void
}

export function startCoverage(): Coverage {
  const session = new Session()
  session.connect()
  const post = (method: string, params?: object): unknown => {
    let answer: unknown
    session.post(method, params, (error, result) => {
      if (error) throw error
      answer = result
    })
    return answer
  }
  post('Profiler.enable')
  post('Debugger.enable')
  post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  return {
    of(sources) {
      const urls = new Set(sources.map((source) => pathToFileURL(join(root, source)).href))
      const { result } = post('Profiler.takePreciseCoverage') as { result: Profiler.ScriptCoverage[] }
      const scripts = result.filter(({ url }) => urls.has(url.replace(/\?.*$/, '')))
      const found = new Set(scripts.map(({ url }) => url.replace(/\?.*$/, '')))
      const absent = [...urls].filter((url) => !found.has(url))
      if (absent.length > 0) throw new Error(`not loaded: ${absent.join(', ')}`)
      const missed: string[] = []
      let branches = 0
      for (const script of scripts) {
        const { scriptSource } = post('Debugger.getScriptSource', { scriptId: script.scriptId }) as {
          scriptSource: string
        }
        for (const branch of branchesOf(scriptSource, countsOf(script))) {
          branches++
          if (!branch.taken)
            missed.push(`${script.url.slice(pathToFileURL(root).href.length)}: ${branch.code}`)
        }
      }
      return { branches, taken: branches - missed.length, missed }
    },
    stop() {
      session.disconnect()
    },
  }
}

/** How often the code at an offset was run: the innermost range around it says. */
function countsOf({ functions }: Profiler.ScriptCoverage): (offset: number) => number {
  const ranges = functions
    .flatMap((each) => each.ranges)
    .sort((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset)
  return (offset) => {
    let count = 0
    for (const { startOffset, endOffset, count: times } of ranges) {
      if (startOffset > offset) break
      if (endOffset > offset) count = times
    }
    return count
  }
}

interface Branch {
  readonly code: string
  readonly taken: boolean
}

/** The branches of JavaScript: both ways of `if` and `?:`, each case, and the right side of `&&`, `||` and `??`. */
function branchesOf(source: string, countAt: (offset: number) => number): Branch[] {
  const tree = ts.createSourceFile('code.js', source, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS)
  const branches: Branch[] = []
  const add = (node: ts.Node, count: number, prefix = ''): void => {
    branches.push({ code: prefix + node.getText(tree).slice(0, 100), taken: count > 0 })
  }
  const own = (node: ts.Node): number => countAt(node.getStart(tree))
  const visit = (node: ts.Node): void => {
    if (ts.isIfStatement(node)) {
      add(node.thenStatement, own(node.thenStatement), 'if: ')
      if (node.elseStatement) add(node.elseStatement, own(node.elseStatement), 'else: ')
      else add(node.expression, own(node) - own(node.thenStatement), 'not: ')
    } else if (ts.isConditionalExpression(node)) {
      add(node.whenTrue, own(node.whenTrue), '? ')
      add(node.whenFalse, own(node.whenFalse), ': ')
    } else if (ts.isCaseOrDefaultClause(node)) {
      const [first] = node.statements
      if (first) add(node, own(first))
    } else if (ts.isBinaryExpression(node) && logical.has(node.operatorToken.kind)) {
      add(node.right, own(node.right), `${node.operatorToken.getText(tree)} `)
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return branches
}

const logical: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
])
