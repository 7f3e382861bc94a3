/** What is compared with a value. */
export interface Operand {
  /** `pat(...)`, `any(...)`, or the value itself. */
  readonly form: 'value' | 'pat' | 'any'
  /** More than one for `any`, which may hold `pat`. */
  readonly values: readonly { readonly text: string; readonly isPattern: boolean }[]
}

export type Operator = '==' | '!=' | '<' | '<=' | '>' | '>='

/** One of `conditions:`, such as `[STATUS] == 200` or `len([BODY].items) > 3`. */
export interface Condition {
  /** Such as `STATUS`. */
  readonly subject: string
  /** What follows `[BODY]`, such as `.items[0].id`; empty for the whole. */
  readonly path: string
  /** A function around the subject. */
  readonly around?: 'len' | 'has'
  readonly operator: Operator
  readonly operand: Operand
}

const opposite: Readonly<Record<Operator, Operator>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}

const subjectForm = /^(?:(len|has)\()?\[([A-Z_]+)\]((?:\.|\[).*?)?\)?$/

/**
 * Reads a condition.
 *
 * @returns Nothing where it has no form that is known.
 */
export function parseCondition(text: string): Condition | undefined {
  const [, first, operator, second] = /^(.+?)\s+(==|!=|<=|>=|<|>)\s+(.+)$/.exec(text.trim()) ?? []
  if (first === undefined || operator === undefined || second === undefined) return undefined
  const isTurned = !subjectForm.test(first) && subjectForm.test(second)
  const [left, right] = isTurned ? [second, first] : [first, second]
  const [, around, subject, path = ''] = subjectForm.exec(left) ?? []
  if (subject === undefined || /\[[A-Z_]{2,}\]/.test(right)) return undefined
  return {
    subject,
    path,
    ...((around === 'len' || around === 'has') && { around }),
    operator: isTurned ? opposite[operator as Operator] : (operator as Operator),
    operand: readOperand(right),
  }
}

function readOperand(text: string): Operand {
  const [, form, inner = ''] = /^(pat|any)\((.*)\)$/s.exec(text) ?? []
  const valueOf = (part: string): Operand['values'][number] => {
    const [, glob] = /^pat\((.*)\)$/s.exec(part) ?? []
    return glob === undefined ? { text: part, isPattern: false } : { text: glob, isPattern: true }
  }
  if (form === 'any') return { form, values: inner.split(',').map((part) => valueOf(part.trim())) }
  return { form: form === 'pat' ? 'pat' : 'value', values: [valueOf(text)] }
}
