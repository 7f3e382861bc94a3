import type { SeenRequest } from '../support/servers/fault-server.ts'
import type { Reason } from './reasons.ts'

/** Files that modules name. */
export interface Files {
  readonly ca: string
  readonly cert: string
  readonly key: string
  readonly secret: string
}

/** One behaviour of a server, and the module that both exporters watch it with. */
export interface Row<Servers> {
  readonly name: string
  /** The minor version that first has what the module asks for. Default: the oldest that is compared. */
  readonly since?: number
  /** As blackbox.yml has it. */
  readonly module: object | ((files: Files) => object)
  readonly target: (servers: Servers) => string
  /** What is different, by its reason: the beginnings of series. Each of them has to be different. */
  readonly differs?: Partial<Record<Reason, readonly string[]>>
  /** Series whose values depend on the moment. */
  readonly passing?: readonly string[]
  /** Whether the requests are different, which one of the reasons above says. */
  readonly requestsDiffer?: boolean
}

/** Servers that behave in many ways, and what is watched of them. */
export interface Family<Servers> {
  readonly name: string
  readonly rows: readonly Row<Servers>[]
  readonly start: (files: Files) => Promise<{
    readonly servers: Servers
    readonly requests?: readonly SeenRequest[]
    readonly stop: () => Promise<void>
  }>
}
