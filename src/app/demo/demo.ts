import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { createClosing } from '../../lib/io/closing.ts'
import type { ListenAddress } from '../../lib/http/listen.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { startSolo, type Solo, type SoloDependencies } from '../solo/solo.ts'
import { jobCalls, jobName, startServices } from './services.ts'

export interface DemoOptions {
  readonly listenAddress: ListenAddress
}

/** Solo, and the folder of its files. */
export interface Demo extends Solo {
  readonly folder: string
}

export interface DemoDependencies extends SoloDependencies {
  readonly clock: Clock
}

/** Milliseconds between two calls of the job. */
const callEveryMs = 5000

/** Starts services that misbehave, and solo over them, in a folder that is removed at the end. */
export async function startDemo(
  { listenAddress }: DemoOptions,
  dependencies: DemoDependencies,
): Promise<Demo> {
  const { clock } = dependencies
  const closing = createClosing()
  try {
    const folder = await mkdtemp(join(tmpdir(), 'probity-demo-'))
    closing.push(() => rm(folder, { recursive: true, force: true }))
    const begun = clock.monotonic()
    const elapsed = (): number => (clock.monotonic() - begun) / 1000
    const services = await startServices({ elapsed })
    closing.push(() => {
      services.stop()
      return Promise.resolve()
    })
    const configFile = join(folder, 'targets.yml')
    await writeFile(configFile, stringify(services.config))
    const storagePath = join(folder, 'data')
    const solo = await startSolo(
      { configFile, listenAddress, storagePath, history: { folder: join(storagePath, 'history') } },
      dependencies,
    )
    closing.push(() => solo.stop())
    const call = (): void => {
      if (!jobCalls(elapsed())) return
      fetch(`${solo.url}/api/v1/heartbeat/${jobName}`, { method: 'POST' }).catch(() => undefined)
    }
    const calls = setInterval(call, callEveryMs)
    closing.push(() => {
      clearInterval(calls)
      return Promise.resolve()
    })
    call()
    return { ...solo, folder, stop: () => closing.close() }
  } catch (error) {
    await closing.close()
    throw error
  }
}
