/**
 * A program that makes calls and measures itself: `client-program.ts VARIANT URL`. It prints figures in microseconds.
 * bench/client.ts runs it.
 */
import { context, trace } from '@opentelemetry/api'
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { channel } from 'node:diagnostics_channel'
import { setImmediate as turn } from 'node:timers/promises'
import { monitor } from 'probity-client'
import type { Figures } from './client.ts'

type Call = (amount: number) => number
type AsyncCall = (amount: number) => Promise<number>

interface Variant {
  readonly wrap: (call: Call) => Call
  readonly wrapAsync: (call: AsyncCall) => AsyncCall
  readonly instrument: () => void
  /** Calls that were not sent: with them the figures would be worth nothing. */
  readonly dropped: () => number
}

const warmUp = 2000
const calls = 20_000
const fetches = 3000

const variants: Record<string, () => Variant> = {
  none: () => ({
    wrap: (call) => call,
    wrapAsync: (call) => call,
    instrument: () => undefined,
    dropped: () => 0,
  }),
  probity: () => {
    const shop = monitor({ caller: 'shop', version: '1.2.3' })
    return {
      wrap: (call) => shop.wrap('charge', call),
      wrapAsync: (call) => shop.wrap('charge', call),
      instrument: () => shop.instrument(),
      dropped: () => shop.dropped,
    }
  },
  opentelemetry: () => {
    // What is exported is thrown away, so that only the work within the calls and the batching is measured.
    const exporter = {
      export: (_spans: unknown, done: (result: { code: number }) => void) => {
        done({ code: 0 })
      },
      shutdown: () => Promise.resolve(),
    }
    const provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] })
    provider.register()
    const tracer = trace.getTracer('bench')
    return {
      wrap: (call) => (amount) => {
        const span = tracer.startSpan('charge')
        try {
          return context.with(trace.setSpan(context.active(), span), () => call(amount))
        } finally {
          span.end()
        }
      },
      wrapAsync: (call) => async (amount) => {
        const span = tracer.startSpan('charge')
        try {
          return await context.with(trace.setSpan(context.active(), span), () => call(amount))
        } finally {
          span.end()
        }
      },
      instrument: () => {
        const instrumentation = new UndiciInstrumentation()
        instrumentation.setTracerProvider(provider)
        instrumentation.enable()
      },
      dropped: () => 0,
    }
  },
}

/** The channels that `fetch` publishes a successful request to. */
const channels = [
  'undici:request:create',
  'undici:client:sendHeaders',
  'undici:request:bodySent',
  'undici:request:headers',
  'undici:request:trailers',
]

const [name = '', url = ''] = process.argv.slice(2)
const variant = variants[name]?.()
if (variant === undefined) throw new Error(`no variant "${name}"`)
process.stdout.write(JSON.stringify(await measured(variant)))

async function measured({ wrap, wrapAsync, instrument, dropped }: Variant): Promise<Figures> {
  const sync = wrap((amount) => amount + 1)
  const asynchronous = wrapAsync((amount) => Promise.resolve(amount + 1))
  const cpuOfCalls = cpuMicros()
  const syncTimes = await timed(calls, (i) => sync(i))
  const callCpu = cpuOfCalls() / (calls + warmUp)
  const asyncTimes = await timed(calls, (i) => asynchronous(i))
  instrument()
  const inside = timeInside()
  const insideTimes: number[] = []
  const cpuOfFetches = cpuMicros()
  const fetchTimes = await timed(fetches, async () => {
    inside.reset()
    await (await fetch(url)).text()
    insideTimes.push(inside.micros())
  })
  const fetchCpu = cpuOfFetches() / (fetches + warmUp)
  if (dropped() > 0) throw new Error(`${dropped()} calls were not sent`)
  return {
    'a call, median': percentile(syncTimes, 0.5),
    'a call, p99': percentile(syncTimes, 0.99),
    'a call, CPU': callCpu,
    'an asynchronous call, median': percentile(asyncTimes, 0.5),
    'an asynchronous call, p99': percentile(asyncTimes, 0.99),
    'within a fetch, median': percentile(insideTimes.slice(-fetches), 0.5),
    'within a fetch, p99': percentile(insideTimes.slice(-fetches), 0.99),
    'a fetch, median': percentile(fetchTimes, 0.5),
    'a fetch, CPU': fetchCpu,
  }
}

/** The microseconds that each call took. Between the calls other work gets its turn, as it does in a program. */
async function timed(count: number, call: (index: number) => unknown): Promise<number[]> {
  const times: number[] = []
  for (let i = -warmUp; i < count; i++) {
    const before = performance.now()
    const result = call(i)
    if (result instanceof Promise) await result
    const after = performance.now()
    if (i >= 0) times.push((after - before) * 1000)
    if (i % 10 === 0) await turn()
  }
  return times
}

/** The CPU that the process uses from now on: the work between the calls is in it. */
function cpuMicros(): () => number {
  const before = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(before)
    return user + system
  }
}

/** Measures the time that the listeners of the channels take within the requests. */
function timeInside(): { reset: () => void; micros: () => number } {
  let total = 0
  for (const each of channels.map((name) => channel(name))) {
    const publish = each.publish.bind(each)
    each.publish = (message) => {
      const before = performance.now()
      publish(message)
      total += performance.now() - before
    }
  }
  return {
    reset: () => {
      total = 0
    },
    micros: () => total * 1000,
  }
}

function percentile(values: number[], rank: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * rank)] ?? NaN
}
