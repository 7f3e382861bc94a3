import { createInputs } from './inputs.ts'
import type { Parser } from './parser.ts'

/** Milliseconds that one input may take. */
const hangMs = 2000

export interface FuzzOptions {
  readonly seed: number
  /** Whether to go on after so many inputs. */
  readonly goOn: (inputs: number) => boolean
  /** Called before every input. Default: nothing. */
  readonly before?: (input: Buffer) => void
}

export interface FoundFault {
  readonly input: Buffer
  readonly error: unknown
}

/** What came of feeding a parser. */
export interface Fuzzed {
  readonly inputs: number
  readonly valid: number
  /** Milliseconds that the slowest input took, of the processor alone. */
  readonly slowestMs: number
  /** The first of each kind. */
  readonly faults: readonly FoundFault[]
}

/** Enough to work on. */
const maxFaults = 20

/** Feeds a parser. */
export async function fuzz(parser: Parser, { seed, goOn, before }: FuzzOptions): Promise<Fuzzed> {
  const inputs = createInputs(parser, seed)
  const faults = new Map<string, FoundFault>()
  let made = 0
  let valid = 0
  let slowestMs = 0
  for (; goOn(made) && faults.size < maxFaults; made++) {
    const input = inputs.next()
    before?.(input)
    const began = process.cpuUsage()
    let isValid = false
    try {
      const parsed = parser.parse(input)
      isValid = typeof parsed === 'boolean' ? parsed : await parsed
    } catch (error) {
      const kind = kindOf(error)
      if (!faults.has(kind)) faults.set(kind, { input, error })
    }
    const { user, system } = process.cpuUsage(began)
    const took = (user + system) / 1000
    if (took > slowestMs) slowestMs = took
    if (took > hangMs && !faults.has('hang'))
      faults.set('hang', { input, error: new Error(`it took ${Math.round(took)} ms`) })
    if (isValid) valid++
    inputs.was(input, isValid)
  }
  return { inputs: made, valid, slowestMs, faults: [...faults.values()] }
}

/** Faults with the same words at the same place are one. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return `${error.name} ${error.message.replaceAll(/\d+/g, 'N').slice(0, 60)} ${places.slice(0, 2).join(' ')}`
}
