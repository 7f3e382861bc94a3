/**
 * Reports the API calls that a program really makes to Probity.
 *
 * @packageDocumentation
 */
export { monitor, type CallOptions, type Monitor, type MonitorOptions } from './monitor.ts'
export type { Callable } from './self.ts'
