/**
 * Reports the API calls that a program really makes to Probity.
 *
 * @packageDocumentation
 */
export { monitor, type Monitor, type MonitorOptions } from './monitor.ts'
export type { Callable } from './wrap.ts'
