import { Counter, Gauge, type Registry } from 'prom-client'
import { definition } from '../../metrics/registry.ts'
import { relayMetrics } from '../../metrics/relay.ts'
import type { ReceiverOptions } from './receive.ts'

/** What a process says of the checks that it reports. */
export function reporterMetrics(registry: Registry, waiting: () => number) {
  const registers = [registry]
  const counter = new Counter({ ...definition(relayMetrics.reported), registers })
  let succeeded: Gauge | undefined
  new Gauge({
    ...definition(relayMetrics.reportWaiting),
    registers,
    collect() {
      this.set(waiting())
    },
  })
  const results = ['accepted', 'refused', 'dropped'] as const
  for (const result of results) counter.inc({ result }, 0)
  return {
    checks(result: (typeof results)[number], count: number): void {
      counter.inc({ result }, count)
    },
    /** @param now Unix time in milliseconds. */
    succeeded(now: number): void {
      succeeded ??= new Gauge({ ...definition(relayMetrics.reportedAt), registers })
      succeeded.set(now / 1000)
    },
  }
}

/** What a process says of the checks that others report to it. */
export function receiverMetrics(registry: Registry): ReceiverOptions['received'] {
  const counter = new Counter({ ...definition(relayMetrics.received), registers: [registry] })
  return (location, { accepted, refused }) => {
    counter.inc({ location, result: 'accepted' }, accepted)
    counter.inc({ location, result: 'refused' }, refused)
  }
}
