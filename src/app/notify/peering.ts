import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { Gauge, type Registry } from 'prom-client'
import type { DispatcherOptions } from '../../alerts/delivery/dispatcher.ts'
import { askPeer } from '../../alerts/peers/ask-peer.ts'
import { createPeering, type PeeringOptions, type PeerView } from '../../alerts/peers/peering.ts'
import type { ReportsBook } from '../../alerts/peers/reports-book.ts'
import { roles } from '../../alerts/peers/presence.ts'
import type { Peer } from '../../config/notify/notify.ts'
import type { DurableMap } from '../../lib/io/durable-map.ts'
import type { Clock } from '../../lib/time/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { systemTimers } from '../../lib/time/timers.ts'
import { definition } from '../../metrics/registry.ts'
import { selfMetrics } from '../../metrics/self.ts'

export interface OpenPeeringOptions {
  readonly peer: Peer
  /** The state file of delivery, which has the name of this solo among all solos of this host. */
  readonly map: DurableMap
  /** Where this solo probes from; undefined for a notifier, which hears of alerts from Alertmanager. */
  readonly location: string | undefined
  /** What else both keep. */
  readonly ledgers: NonNullable<PeeringOptions['ledgers']>
  readonly reports: ReportsBook
  readonly clock: Clock
  readonly log: Logger
}

const idKey = 'solo-id'

/** Opens the exchange with the other solo of a pair. */
export function openPeering({
  peer,
  map,
  location,
  ledgers,
  reports,
  clock,
  log,
}: OpenPeeringOptions): NonNullable<DispatcherOptions['openPeering']> {
  return (state, sent) => {
    const known = map.get(idKey)
    const id = typeof known === 'string' ? known : randomUUID()
    if (id !== known) state.set(idKey, id)
    return createPeering({
      self: { name: hostname(), id },
      location: location ?? '',
      eitherCounts: location === undefined,
      instance: randomUUID(),
      peerName: peer.url.host,
      ask: (message, signal) => askPeer(peer, message, signal),
      state,
      sent,
      ledgers,
      reports,
      clock,
      timers: systemTimers,
      log,
    })
  }
}

/** Adds to a registry whether the peer is there, and who notifies. */
export function peeringMetrics(registry: Registry, view: () => PeerView): void {
  const registers = [registry]
  new Gauge({
    ...definition(selfMetrics.peerUp),
    registers,
    collect() {
      const { name, isHeard } = view()
      this.set({ peer: name }, Number(isHeard))
    },
  })
  new Gauge({
    ...definition(selfMetrics.peerRole),
    registers,
    collect() {
      const { role } = view()
      for (const one of roles) this.set({ role: one }, Number(one === role))
    },
  })
}
