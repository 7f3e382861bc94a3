import { availableParallelism } from 'node:os'
import { ProbityError } from '../../lib/errors.ts'
import { argument, flag } from './flags.ts'

/** More threads than this share too little work to pay for their memory. */
const most = 8

/** `--probe.workers`. */
export const probeWorkersFlag = () =>
  flag('--probe.workers <count>', 'threads that make probes under load, at most; 0: none')
    .argParser(argument(parseCount))
    .default(Math.min(availableParallelism(), most), 'the number of processors, at most 8')

function parseCount(text: string): number {
  const count = /^\d{1,2}$/.test(text) ? Number(text) : NaN
  if (count <= 64) return count
  throw new ProbityError('WORKERS_INVALID', `"${text}" is not a valid number of threads: expected 0 to 64`)
}
