/** How many targets are watched, and how often. */
export const regular = 990
export const flapping = 10
export const intervalSeconds = 10
export const alertAfter = 3

export const regularName = (index: number): string => `target-${index}`

/**
 * targets.yml after so many edits. Each one changes the limits of some targets, and adds targets or removes them: what a
 * reload must not do is touch the state of the others.
 */
export function targetsYml(url: string, edit: number): string {
  const target = (name: string, more: string): string =>
    `  - { name: ${name}, url: "${url}/${name}"${more} }\n`
  const limits = (index: number): string =>
    index % 50 === edit % 50
      ? `, expect: { max_error_rate: off, max_latency: off, status: [2xx, ${300 + (edit % 100)}] }`
      : ''
  return [
    `defaults: { interval: ${intervalSeconds}s, timeout: 5s, alert_after: ${alertAfter}, expect: { max_error_rate: off, max_latency: off } }\n`,
    'targets:\n',
    ...Array.from({ length: regular }, (_none, index) => target(regularName(index), limits(index))),
    ...Array.from({ length: flapping }, (_none, index) =>
      target(`flapping-${index}`, ', interval: 2s, timeout: 1s'),
    ),
    ...Array.from({ length: edit % 20 }, (_none, index) => target(`passing-${index}`, '')),
  ].join('')
}

export function notifyYml(url: string): string {
  return `channels:
  soak: { type: webhook, url: "${url}", group_by: off, delivery: { per_minute: 6000, concurrency: 8 } }
routes:
  - { channels: [soak], repeat: once }
`
}
