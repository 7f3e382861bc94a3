import { closeAll } from '../test/support/at-end.ts'
import { soak } from './soak/soak.ts'
import { holds, lineOf } from './soak/verdict.ts'

/**
 * `npm run soak -- --hours H | --minutes M [--seed S]`: a real solo with 1,000 targets that fail by chance, reloads every 5 s,
 * and outages of its database, its disk and its clock. Prints what was measured; exit code 1 if something is not as it must be.
 */
const usage = 'usage: npm run soak -- --hours H | --minutes M [--seed S]'

function numberAfter(flag: string): number | undefined {
  const at = process.argv.indexOf(flag)
  return at < 0 ? undefined : Number(process.argv[at + 1])
}

const hours = numberAfter('--hours')
const minutes = hours === undefined ? numberAfter('--minutes') : hours * 60
const seed = numberAfter('--seed') ?? 1
if (minutes === undefined || !(minutes > 0) || !Number.isInteger(seed)) {
  console.error(usage)
  process.exitCode = 2
} else {
  const began = performance.now()
  const say = (line: string): void => {
    console.error(`${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s  ${line}`)
  }
  let interrupted = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      interrupted = true
    })
  try {
    const figures = await soak({ minutes, seed, isInterrupted: () => interrupted, say })
    for (const figure of figures) console.log(lineOf(figure))
    const failed = figures.filter((figure) => !holds(figure)).length
    console.log(failed === 0 ? 'passed' : `${failed} of these figures are not as they must be`)
    process.exitCode = failed === 0 ? 0 : 1
  } finally {
    await closeAll()
  }
}
