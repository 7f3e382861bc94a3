import { isAnswered, outcomeOf, type Call, type Outcome } from 'probity-client/wire'
import type { CallTarget } from '../config/target/calls.ts'

/** How a call ended as its target defines it: `calls.expect.status` replaces the rule for every call. */
export function outcomeFor(
  call: Pick<Call, 'wireVersion' | 'status' | 'operation' | 'error'>,
  { status: expected }: Pick<CallTarget, 'status'>,
): Outcome {
  const { status = 0 } = call
  if (expected === undefined || !isAnswered(call)) return outcomeOf(call)
  return expected.some(({ from, to }) => status >= from && status <= to) ? 'ok' : 'error'
}
