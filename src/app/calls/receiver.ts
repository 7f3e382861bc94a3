import type { Router } from 'express'
import { createCollector, type Collector } from '../../calls/collector.ts'
import { callsRoute } from '../../calls/http.ts'
import { listenGrpc } from '../../calls/otlp/grpc/listen.ts'
import { tracesHandler } from '../../calls/otlp/grpc/traces.ts'
import { createIntake } from '../../calls/otlp/intake.ts'
import { HeldBodies } from '../../calls/held-bodies.ts'
import { otlpRoute } from '../../calls/otlp/route.ts'
import { tailRoute } from '../../calls/tail.ts'
import { listenUdp, type ListeningUdp } from '../../calls/udp.ts'
import type { ConfigStore } from '../../config/store.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { messageOf } from '../../lib/errors.ts'
import type { ListenAddress } from '../../lib/http/listen.ts'
import type { ServingTls } from '../../lib/http/serving-tls.ts'
import type { Logger } from '../../lib/logger.ts'
import type { RunningTokens } from '../../tokens/running-tokens.ts'

/** Where calls are received over UDP. */
export interface CallsAddress {
  readonly address: ListenAddress
  /** Whether to go on without when the address is taken: nobody has asked for this one. */
  readonly optional: boolean
  /** CIDRs of those who may send. Default: this machine, on a loopback address alone. */
  readonly networks?: readonly string[]
}

/** Where calls are received other than over HTTP. */
export interface CallsAddresses {
  /** Default: not over UDP. */
  readonly udp?: CallsAddress | undefined
  /** Default: not over OTLP/gRPC. */
  readonly otlpGrpc?: ListenAddress | undefined
}

/** Takes the calls that programs report. */
export interface CallsReceiver {
  /** Where calls are received over UDP; nothing where they are not. */
  readonly udpUrl?: string
  /** Where spans are received over gRPC; nothing where they are not. */
  readonly otlpGrpcUrl?: string
  /** What should be served over HTTP. */
  readonly routes: readonly Router[]
  /** In Prometheus' text format, in pieces. */
  readonly metrics: Collector['metrics']
  /** Calls a listener with every call; a listener must not throw. */
  readonly onCall: Collector['onCall']
  readonly stop: () => Promise<void>
}

export interface CallsReceiverDependencies {
  readonly store: ConfigStore
  readonly clock: Clock
  readonly tokens: Pick<RunningTokens, 'refusal'>
  /** Of OTLP/gRPC. Default: without. */
  readonly tls?: ServingTls | undefined
  readonly log: Logger
}

/**
 * Starts to take calls, judged by the configuration in force.
 *
 * @throws ProbityError `LISTEN_FAILED` or `NETWORKS_MISSING` when an address cannot be used.
 */
export async function startCallsReceiver(
  { udp, otlpGrpc }: CallsAddresses,
  { store, clock, tokens, tls, log }: CallsReceiverDependencies,
): Promise<CallsReceiver> {
  const sockets: ListeningUdp[] = []
  const collector = createCollector({
    clock,
    droppedDatagrams: () => ({
      buffer: sum(sockets, (one) => one.dropped()),
      network: sum(sockets, (one) => one.refused()),
    }),
  })
  collector.setTargets(store.current.callTargets)
  const onDatagram = (bytes: Uint8Array): void => {
    collector.receive('udp', bytes)
  }
  const socket = await listen(onDatagram, udp, log)
  if (socket !== undefined) sockets.push(socket)
  // A program that sends to "localhost" may mean IPv6. An address that somebody has set is used alone.
  if (socket !== undefined && udp?.optional === true) {
    const six = await listenUdp(onDatagram, { host: '::1', port: socket.port }).catch(() => undefined)
    if (six !== undefined) sockets.push(six)
  }
  const intake = createIntake(collector)
  const bodies = new HeldBodies()
  const stopSockets = async (): Promise<void> => {
    for (const one of sockets) await one.stop()
  }
  const grpc =
    otlpGrpc &&
    (await listenGrpc(
      {
        handler: tracesHandler(intake, tokens, bodies),
        tls,
        onBug: (error) => {
          log.error({ err: error }, 'a call of gRPC failed')
        },
      },
      otlpGrpc,
    ).catch(async (error: unknown) => {
      await stopSockets()
      throw error
    }))
  const tail = tailRoute(collector)
  const unsubscribe = store.onChange(({ callTargets }) => {
    collector.setTargets(callTargets)
  })
  return {
    ...(socket && { udpUrl: socket.url }),
    ...(grpc && { otlpGrpcUrl: grpc.url }),
    routes: [callsRoute(collector, bodies), otlpRoute(intake, bodies), tail.route],
    metrics: collector.metrics,
    onCall: collector.onCall,
    async stop() {
      unsubscribe()
      tail.stop()
      await grpc?.stop()
      await stopSockets()
    },
  }
}

async function listen(
  onDatagram: (bytes: Uint8Array) => void,
  udp: CallsAddress | undefined,
  log: Logger,
): Promise<ListeningUdp | undefined> {
  if (udp === undefined) return undefined
  try {
    return await listenUdp(onDatagram, udp.address, udp.networks)
  } catch (error) {
    if (!udp.optional) throw error
    log.warn(`${messageOf(error)} (--calls.listen-address); until then, calls arrive over HTTP only`)
    return undefined
  }
}

function sum(sockets: readonly ListeningUdp[], count: (socket: ListeningUdp) => number): number {
  return sockets.reduce((total, socket) => total + count(socket), 0)
}
