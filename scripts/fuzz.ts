import { spawnSync } from 'node:child_process'
import { startCoverage } from './fuzz/coverage.ts'
import { fuzz, type Fuzzed } from './fuzz/fuzz.ts'
import { parsers } from './fuzz/parsers.ts'
import { startWatchdog } from './fuzz/watchdog.ts'

/**
 * `npm run fuzz -- [NAME...] --minutes N | --inputs N [--seed S] [--coverage]`: feeds each parser, or those that are named, with so
 * many inputs, and prints a line for each. Exit code 1 if one of them has a fault.
 */
const usage = `usage: npm run fuzz -- [NAME...] --minutes N | --inputs N [--seed S] [--coverage]
names: ${Object.keys(parsers).join(', ')}`

/** In percent. */
const wantedValid = 30

interface Asked {
  readonly names: readonly string[]
  readonly minutes: number
  readonly inputs: number
  readonly seed: number
  readonly coverage: boolean
}

function asked(args: readonly string[]): Asked | undefined {
  const numbers: Record<string, number> = { '--minutes': Infinity, '--inputs': Infinity, '--seed': 1 }
  const names: string[] = []
  let coverage = false
  const rest = [...args]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--coverage') coverage = true
    else if (Object.hasOwn(numbers, word)) numbers[word] = Number(rest.shift())
    else if (Object.hasOwn(parsers, word)) names.push(word)
    else return undefined
  }
  const { '--minutes': minutes = NaN, '--inputs': inputs = NaN, '--seed': seed = NaN } = numbers
  if (!(minutes > 0 && inputs > 0 && Number.isInteger(seed)) || Math.min(minutes, inputs) === Infinity)
    return undefined
  return { names: names.length > 0 ? names : Object.keys(parsers), minutes, inputs, seed, coverage }
}

async function feed(name: string, { minutes, inputs, seed, coverage }: Asked): Promise<boolean> {
  // Before the parser is loaded: what has run before does not count.
  const covering = coverage ? startCoverage() : undefined
  const parser = await parsers[name]!()
  const watchdog = startWatchdog()
  const began = performance.now()
  const busy = process.cpuUsage()
  const until = began + minutes * 60_000
  const fuzzed = await fuzz(parser, {
    seed,
    goOn: (made) => made < inputs && performance.now() < until,
    before: watchdog.before,
  })
  await watchdog.stop()
  const { user, system } = process.cpuUsage(busy)
  const covered = covering?.of(parser.sources)
  covering?.stop()
  console.log(lineOf(name, fuzzed, (user + system) / 1e6) + (covered ? `, ${branchesOf(covered)}` : ''))
  for (const code of covered?.missed ?? []) console.log(`  never: ${code.replaceAll(/\s+/g, ' ')}`)
  for (const { input, error } of fuzzed.faults) {
    console.log(`  fault: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    console.log(`  input: ${JSON.stringify(input.toString('latin1').slice(0, 2000))}`)
    if (input.length < 16_384) console.log(`  base64: ${input.toString('base64')}`)
  }
  return fuzzed.faults.length === 0 && fuzzed.valid >= (wantedValid / 100) * fuzzed.inputs
}

function lineOf(name: string, { inputs, valid, slowestMs, faults }: Fuzzed, cpuSeconds: number): string {
  const share = Math.round((100 * valid) / inputs)
  return [
    `${name.padEnd(16)} ${inputs} inputs`,
    `${share}% valid${share < wantedValid ? ` (too few: expected ${wantedValid}%)` : ''}`,
    `slowest ${slowestMs.toFixed(0)} ms`,
    `${cpuSeconds.toFixed(0)} s of CPU`,
    `${faults.length} faults`,
  ].join(', ')
}

function branchesOf({ branches, taken }: { readonly branches: number; readonly taken: number }): string {
  return `${taken} of ${branches} branches (${branches === 0 ? 100 : Math.floor((100 * taken) / branches)}%)`
}

const args = process.argv.slice(2)
const wanted = asked(args)
if (!wanted) {
  console.error(usage)
  process.exitCode = 2
} else if (wanted.names.length === 1) {
  const [name = ''] = wanted.names
  // What a parser leaves open, such as a connection that was cut, must not keep the process.
  process.exit((await feed(name, wanted)) ? 0 : 1)
} else {
  const flags = args.filter((word) => !wanted.names.includes(word))
  // Each in a process for itself, so that what one leaves behind does not disturb the next.
  for (const name of wanted.names) {
    const script = import.meta.filename
    const { status } = spawnSync(process.execPath, ['--import', 'tsx', script, name, ...flags], {
      stdio: 'inherit',
    })
    if (status !== 0) process.exitCode = 1
  }
}
