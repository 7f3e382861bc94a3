/** Label matchers: the targets that the variables of the dashboard choose. */
export const selected = 'target=~"$target",vendor=~"$vendor",team=~"$team",location=~"$location"'

/** Label matchers: those of them that the panels over time show. */
export const shownTargets = 'target=~"$shown",location=~"$location"'

/** Label matchers: the one target of its page. */
export const theTarget = 'target="$target",location=~"$location"'

/**
 * How bad each target is, for the choice of the worst: those that are down, then by the share of checks that failed in the
 * last hour, then by the newest check's part of the latency that is allowed.
 */
export function rank(matchers: string): string {
  return [
    `100 * probe:down{${matchers}}`,
    `10 * probe:error_ratio:1h{${matchers}}`,
    `probe_duration_seconds{${matchers}} / probe_target_max_latency_seconds{${matchers}}`,
  ].join(' + ')
}

/**
 * Puts a label of an info series on an expression, where there is one.
 *
 * @param on The label that both have; one info series for each of its values is used.
 */
export function withLabel(expr: string, label: string, info: string, on: string): string {
  const one = `topk by (${on}) (1, max by (${on}, ${label}) (${info}))`
  return `(${expr}) * on (${on}) group_left (${label}) ${one} or ignoring (${label}) (${expr})`
}

/** The newest sample of what is recorded every 5m: by itself a sample is forgotten after 5m, which is now and then too soon. */
export function newest(selector: string): string {
  return `last_over_time(${selector}[15m])`
}

/**
 * When certificates expire: in the verified chain, or in the chain that was sent where nothing verified.
 *
 * @param window The worst one seen in it. Default: only the newest.
 */
export function certificateExpiry(matchers: string, window?: string): string {
  const [verified, sent] = [
    'probe_ssl_last_chain_expiry_timestamp_seconds',
    'probe_ssl_earliest_cert_expiry',
  ].map((metric) =>
    window === undefined ? `${metric}{${matchers}}` : `min_over_time(${metric}{${matchers}}[${window}])`,
  )
  return `(${verified} or ${sent})`
}
