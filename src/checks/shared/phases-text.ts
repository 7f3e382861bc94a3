/** What people call the phases of a probe, in the order in which they happen. */
const names: Readonly<Record<string, string>> = {
  resolve: 'dns',
  connect: 'connect',
  tls: 'tls',
  processing: 'first byte',
  transfer: 'transfer',
}

/**
 * Where the time of a check went, on one line: `dns 2 ms, connect 1 ms, first byte 1.2 s`.
 *
 * @param phases Seconds by phase. One that was not reached is missing.
 */
export function phasesText(phases: Readonly<Record<string, number>>): string {
  return Object.entries(names)
    .flatMap(([phase, name]) => {
      const seconds = phases[phase]
      return seconds === undefined ? [] : [`${name} ${duration(seconds)}`]
    })
    .join(', ')
}

/** Two digits are enough to see which phase is to blame. */
function duration(seconds: number): string {
  if (seconds >= 0.9995) return `${Number(seconds.toPrecision(2))} s`
  return `${Math.round(seconds * 1000)} ms`
}
