import type { Registry } from 'prom-client'
import type { Config } from '../../config/config.ts'
import type { Target } from '../../config/target/target.ts'
import type { Observation } from '../../exporter/shared-probes.ts'
import type { Leaving } from '../../lib/http/leaving.ts'
import type { Listening } from '../../lib/http/listen.ts'
import type { LiveStatus } from '../../web/status/join.ts'
import type { CallsReceiver } from '../calls/receiver.ts'
import type { KeptHeartbeats } from '../heartbeats.ts'
import type { ReportMaker } from '../report/stored.ts'
import type { CommandRuns } from '../status/command-runs.ts'
import type { Witnesses } from '../status/witnesses.ts'

/** A running exporter. */
export interface Exporter
  extends
    Listening,
    ReportMaker,
    Pick<Leaving, 'leave'>,
    Pick<LiveStatus, 'calls'>,
    Pick<Witnesses, 'testimony'> {
  /** Loads the configuration again; throws what is wrong with it. */
  readonly reload: () => Promise<void>
  readonly registry: Registry
  /** The configuration in force. */
  readonly config: () => Config
  readonly onConfig: (listener: (config: Config) => void) => void
  /** Probes a configured target now, unless that is under way or was just done. If it fails and is to be made again, nobody waits for that. */
  readonly probe: (target: Target) => Promise<void>
  /** The last result of a configured target, where there is one. */
  readonly last: (target: Target) => Observation | undefined
  /** Where calls are received over UDP; absent where they are not. */
  readonly callsUrl?: string
  /** Where spans are received over gRPC; absent where they are not. */
  readonly otlpGrpcUrl?: string
  /** What commands did for alerts. */
  readonly commandRuns: Pick<CommandRuns, 'ran' | 'heard'>
  /** Calls a listener with every call that a program reports. */
  readonly onCall: CallsReceiver['onCall']
  /** What jobs have reported, for the other one of two solos. */
  readonly heartbeatLedger: KeptHeartbeats['ledger']
}
