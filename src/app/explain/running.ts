import { loadConfig } from '../../config/load/load.ts'
import { findTarget, type Config } from '../../config/config.ts'
import type { Documents } from '../../config/load/documents.ts'
import { isRemote } from '../../config/remote/address.ts'
import type { NotifyConfig } from '../../config/notify/notify.ts'
import type { Target } from '../../config/target/target.ts'
import type { Examined } from '../../alerts/evaluator/examined.ts'
import type { SilenceKeeper } from '../../alerts/silences/keeper.ts'
import { withSilences } from '../../alerts/explain/silenced.ts'
import { footnotes, introduction, wordsOf } from '../../alerts/explain/words.ts'
import { foreignFormats } from '../../foreign/index.ts'
import type { History } from '../../history/store.ts'
import { briefly } from '../../lib/time/briefly.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { serialByKey } from '../../lib/time/serial.ts'
import type { Explain, Explained } from '../../web/status/explained.ts'
import type { OwnAlerts } from '../calls/decided.ts'
import { channelsOf, explainTarget } from './explain.ts'
import { storedChecks } from './stored.ts'

/** What a process knows that decides alerts itself, as solo does. */
export interface Deciding extends OwnAlerts {
  readonly examine: (name: string) => Examined | undefined
  readonly notify: () => NotifyConfig | undefined
}

export interface ExplainingOptions {
  /** The configuration in force, and where it is read from. */
  readonly config: () => Config
  readonly configFile: string
  /** What the documents say that are named by a URL. */
  readonly documents: Documents
  readonly history: Pick<History, 'isOpen' | 'sql'>
  readonly location: string
  readonly env: NodeJS.ProcessEnv
  readonly clock: Clock
  /** What is silenced. Default: nobody knows. */
  readonly silences?: Pick<SilenceKeeper, 'list'> | undefined
  /** Default: another program decides alerts. */
  readonly deciding?: Deciding | undefined
}

/** Milliseconds for which an explanation of now is given again. */
const goodForMs = 10_000

/** Explains alerts in the process that writes the history, one target at a time. */
export function startExplaining(options: ExplainingOptions): Explain {
  const { config, history, location, clock, deciding, silences } = options
  const inTurn = serialByKey()
  const origins = originsOf(options)
  const recent = new WeakMap<Target, () => Promise<Explained[]>>()

  async function explain(target: Target, at: Date | undefined): Promise<Explained[]> {
    const moment = (at?.getTime() ?? clock.now()) / 1000
    const examined = at === undefined ? deciding?.examine(target.name) : undefined
    const notify = deciding?.notify()
    const all = await explainTarget(
      {
        config: { ...config(), ...(await origins(target)) },
        target,
        at: moment,
        channels: notify && channelsOf(notify, moment),
        live: examined && { location, examined },
      },
      storedChecks(history.sql),
    )
    const silenced = (await silences?.list().catch(() => [])) ?? []
    return all.map((each) => {
      const one = withSilences(each, target, silenced)
      return {
        introduction: introduction(one),
        rules: wordsOf(one),
        footnotes: footnotes(one),
        data: { ...one },
      }
    })
  }

  return async (name, at) => {
    const target = findTarget(config(), name)
    // None of its alerts fires while it is paused.
    if (!target || target.paused || !history.isOpen()) return undefined
    if (at) return inTurn('', () => explain(target, at))
    const known = recent.get(target)
    const ask = known ?? briefly(() => inTurn('', () => explain(target, undefined)), { clock, ms: goodForMs })
    if (!known) recent.set(target, ask)
    return ask()
  }
}

/** Where the limits of a target were written: read again when somebody asks, because it takes much room. */
function originsOf({
  configFile,
  documents,
  env,
}: ExplainingOptions): (target: Target) => Promise<Pick<Config, 'originOf'>> {
  return async (target) => {
    if (isRemote(configFile)) return {}
    const reading = { env, foreign: foreignFormats, documents, origins: true }
    const written = await loadConfig(configFile, reading).catch(() => undefined)
    const now = written?.target(target.name)
    // The file may have been edited since it was read.
    if (!written?.originOf || !now || limitsOf(now) !== limitsOf(target)) return {}
    return { originOf: written.originOf }
  }
}

function limitsOf({ expect, alertAfter, recoverAfter, alertQuorum, interval }: Target): string {
  return JSON.stringify([expect, alertAfter, recoverAfter, alertQuorum, interval])
}
