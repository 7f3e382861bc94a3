import { defaultAddress, parseAddress } from './address.ts'
import { identify } from './identity.ts'
import { http } from './instrument/http.ts'
import { instrumentHttp2 } from './instrument/http2.ts'
import { listen, type Instrumentation, type InstrumentationOptions } from './instrument/instrumentation.ts'
import { undici } from './instrument/undici.ts'
import { createSender, type Sender } from './sender.ts'
import { createUdpTransport, type Transport } from './udp.ts'
import { encodeCall, type CallRecord } from './wire/encode.ts'
import type { IsError } from './call-end.ts'
import type { Callable } from './self.ts'
import { wrapFunction, type WrapOptions } from './wrap.ts'
import { wrapObject } from './wrap-all.ts'

export interface MonitorOptions {
  /** The service that makes the calls. Default: `PROBITY_CALLER`, else the name in the nearest package.json. */
  readonly caller?: string
  /** Its release. Default: `PROBITY_VERSION`, else the version in the nearest package.json. */
  readonly version?: string
  /** `host:port` of the collector. Default: `PROBITY_CALLS_ADDRESS`, else `127.0.0.1:51712`. */
  readonly address?: string
}

/** How calls of wrapped functions are judged. */
export interface CallOptions {
  /**
   * Whether what a call threw says that the API failed. Default: yes, unless it carries an HTTP status below 500 other
   * than 429, as a declined card does. What the program itself aborted counts as neither.
   */
  readonly isError?: IsError
}

/** Reports calls to Probity. Nothing here waits, and nothing here throws but what the program's own code throws. */
export interface Monitor {
  /**
   * A function, or a class, that does what `fn` does and reports each call under `name`: how long it took until it
   * returned or its promise settled, and the name and the HTTP status of the error if there was one.
   */
  wrap: <F extends Callable>(name: string, fn: F, options?: CallOptions) => F
  /** An object like `object` whose methods are wrapped as `name.method`. */
  wrapAll: <T extends object>(name: string, object: T, options?: CallOptions) => T
  /** Calls `fn`, reports it, and returns what it returns. */
  time: <R>(name: string, fn: () => R, options?: CallOptions) => R
  /**
   * Reports every request of node:http, node:https, node:http2, `fetch`, undici and @grpc/grpc-js from now on. Calling it again changes nothing.
   *
   * @returns Stops it.
   */
  instrument: () => () => void
  /** Sends what waits, stops the instrumentation and closes the socket. What is wrapped goes on working. */
  close: () => Promise<void>
  /** Calls that were not sent, because too many waited or the system did not take them. */
  readonly dropped: number
}

const listening =
  (instrumentation: Instrumentation) =>
  (options: InstrumentationOptions): (() => void) =>
    listen(instrumentation, options)

const instrumentations = [listening(http), listening(undici), instrumentHttp2]

// Taken before a test of the program can replace it by a clock that stands still.
const monotonic = performance.now.bind(performance)

/** Starts a monitor. One is enough for a process. */
export function monitor(options: MonitorOptions = {}): Monitor {
  const identity = identify({
    ...options,
    env: process.env,
    main: process.argv[1],
    workingDirectory: process.cwd(),
  })
  const address = options.address ?? process.env.PROBITY_CALLS_ADDRESS ?? defaultAddress
  const sender = openSender(address, (call) => encodeCall({ ...call, ...identity }))
  const timing = (operation: string, { isError }: CallOptions = {}): WrapOptions => ({
    now: monotonic,
    isError,
    report: (durationSeconds, end) => {
      sender.send({ operation, durationSeconds, ...end })
    },
  })
  let stops: (() => void)[] = []
  const stop = (): void => {
    for (const each of stops) each()
    stops = []
  }

  // At the end of the process only what needs no event loop still happens: that is why sending calls the system at once.
  process.on('beforeExit', sender.flush)
  process.on('exit', sender.flush)
  return {
    wrap: (name, fn, judged) => (typeof fn === 'function' ? wrapFunction(fn, timing(name, judged)) : fn),
    wrapAll: (name, object, judged) =>
      !isObject(object)
        ? object
        : wrapObject(object, (method) => timing(method === undefined ? name : `${name}.${method}`, judged)),
    time: (name, fn, judged) => wrapFunction(fn, timing(name, judged))(),
    instrument() {
      if (stops.length === 0) {
        stops = instrumentations.map((each) => each({ now: monotonic, report: sender.send }))
      }
      return stop
    },
    close() {
      stop()
      process.off('beforeExit', sender.flush)
      process.off('exit', sender.flush)
      return sender.close()
    },
    get dropped() {
      return sender.dropped
    },
  }
}

function isObject(value: unknown): boolean {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

function openSender(text: string, encode: (call: CallRecord) => string): Sender<CallRecord> {
  const address = parseAddress(text)
  if (address === undefined) {
    process.emitWarning(
      `"${text}" is not a valid collector address: expected host:port, such as ${defaultAddress}`,
      {
        code: 'PROBITY_ADDRESS_INVALID',
        detail:
          'Calls are not reported. Correct PROBITY_CALLS_ADDRESS, or the address that is passed to monitor().',
      },
    )
    return createSender({ transport: nowhere, encode })
  }
  const sender = createSender({
    encode,
    transport: createUdpTransport({
      address,
      now: monotonic,
      onReady: () => {
        sender.flush()
      },
    }),
  })
  return sender
}

const nowhere: Transport = {
  ready: () => true,
  send: () => false,
  close: (done) => {
    done()
  },
}
