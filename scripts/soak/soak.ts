import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { buildSync } from 'esbuild'
import { startPostgres } from '../../test/support/programs/postgres.ts'
import { waitFor } from '../../test/support/time/wait-for.ts'
import { seeded } from '../simulate/random.ts'
import { startProgram, untilReady } from '../stack/process.ts'
import { root } from '../stack/shipped-files.ts'
import { makeDisk } from './disk.ts'
import { alertAfter, intervalSeconds, notifyYml, regular, targetsYml } from './files.ts'
import { createModel, type Told } from './model.ts'
import { createSamples } from './samples.ts'
import { startReceiver, startWatched } from './servers.ts'
import { createTroubles } from './troubles.ts'
import { figuresOf } from './figures.ts'
import type { Figure } from './verdict.ts'

export interface SoakOptions {
  readonly minutes: number
  readonly seed: number
  /** Whether to end early, with the figures so far. */
  readonly isInterrupted: () => boolean
  readonly say: (line: string) => void
}

const stepMs = 5000
/** In which code gets hot and all targets are known. */
const warmUpMs = 30_000

/** The whole: a solo with 1,000 targets and everything that can go wrong around it. @returns What was measured. */
export async function soak({ minutes, seed, isInterrupted, say }: SoakOptions): Promise<Figure[]> {
  const random = seeded(seed)
  const folder = await mkdtemp(join(tmpdir(), 'probity-soak-'))
  const model = createModel({ alertAfter, surely: 2 * alertAfter, intervalMs: intervalSeconds * 1000 })
  const told: Told[] = []
  const others = new Map<string, number>()
  const watched = await startWatched((target, good, at) => {
    if (target.startsWith('target-')) model.answered(target, good, at)
  })
  const receiver = await startReceiver(random, (alertname, one) => {
    if (alertname === 'TargetDown' && one.target.startsWith('target-')) told.push(one)
    else {
      const alert = `${alertname} ${one.target} ${one.status}`
      others.set(alert, (others.get(alert) ?? 0) + 1)
    }
  })
  const database = await startPostgres()
  const disk = await makeDisk(join(folder, 'disk'))
  const files = { targets: join(folder, 'targets.yml'), clock: join(folder, 'clock') }
  const writeAtOnce = async (path: string, text: string): Promise<void> => {
    await writeFile(`${path}.new`, text)
    await rename(`${path}.new`, path)
  }
  await writeFile(files.targets, targetsYml(watched.url, 0))
  await writeFile(files.clock, '0')
  await writeFile(join(folder, 'notify.yml'), notifyYml(receiver.url))
  buildSync({
    entryPoints: [join(import.meta.dirname, 'jumping-clock.ts')],
    outfile: join(folder, 'jumping-clock.mjs'),
    format: 'esm',
  })
  const program = startProgram(
    'solo',
    process.execPath,
    [
      ...['--import', join(folder, 'jumping-clock.mjs'), join(root, 'bin/probity.cjs'), 'solo'],
      ...['--config.file', files.targets, '--notify.file', join(folder, 'notify.yml')],
      ...['--storage.path', join(disk.folder, 'data'), '--web.enable-lifecycle'],
      ...['--web.listen-address', '127.0.0.1:0', '--calls.listen-address', '127.0.0.1:0'],
    ],
    {
      env: { PATH: process.env.PATH, DATABASE_URL: database.url, SOAK_CLOCK_FILE: files.clock },
      cwd: folder,
    },
  )
  try {
    const url = await waitFor('the address of solo', () => /"url":"([^"]+)"/.exec(program.output())?.[1])
    await untilReady(program, `${url}/-/ready`, 120_000)
    say(`solo runs at ${url}, with a disk that can be ${disk.how}; it warms up`)
    await wait(warmUpMs)

    const samples = createSamples(url, program.pid)
    const troubles = createTroubles({
      random,
      watched,
      database,
      disk,
      jump: (ms) => writeAtOnce(files.clock, `${ms}`),
      say,
    })
    watched.reset()
    await samples.take()
    const before = samples.last()
    const began = performance.now()
    let edit = 0
    let total = watched.total()
    let refusedReloads = 0
    for (let step = 1; !isInterrupted() && performance.now() - began < minutes * 60_000; step++) {
      await wait(Math.max(0, began + step * stepMs - performance.now()))
      if (await ended(program.exited)) break
      await writeAtOnce(files.targets, targetsYml(watched.url, ++edit))
      const answer = await fetch(`${url}/-/reload`, { method: 'POST' }).catch(() => undefined)
      if (answer?.status !== 200) refusedReloads++
      await troubles.step(step * stepMs)
      if (step % 2 === 0) {
        const made = watched.total() - total
        total = watched.total()
        if (made < regular / 2) say(`only ${made} of ${regular} checks in the last 10 s`)
      }
      await samples.take().catch(() => undefined)
    }
    const seconds = (performance.now() - began) / 1000
    const checks = new Map([...watched.checks].map(([target, each]) => [target, { ...each }]))
    say('everything is repaired; what is under way ends')
    await troubles.end()
    const isQuiet = (): boolean => watched.failing() === 0 && model.judge(told).faults.length === 0
    await waitFor('the end of what is due', isQuiet, 120_000).catch(() => undefined)
    await samples.take().catch(() => undefined)
    await program.stop()
    return await figuresOf({
      seconds,
      checks,
      allChecks: watched.total(),
      samples,
      before,
      reloads: { made: edit, refused: refusedReloads },
      judged: model.judge(told),
      told,
      others,
      refused: receiver.refused(),
      troubles: troubles.counts,
      exitCode: await program.exited,
      storage: join(disk.folder, 'data'),
      databaseUrl: database.url,
    })
  } finally {
    await program.stop('SIGKILL')
    await database.stop()
    disk.remove()
    watched.stop()
    receiver.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function ended(exited: Promise<number | null>): Promise<boolean> {
  return await Promise.race([exited.then(() => true), wait(0, false)])
}
