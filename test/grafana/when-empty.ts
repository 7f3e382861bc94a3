/**
 * The queries that find nothing while all is well, and what must be the case for them to find something.
 * `live.test.ts` shows the one and the other. Each row: dashboard, panel, query.
 */
export const emptyWhenAllIsWell: readonly EmptyQuery[] = [
  { uid: 'probity-overview', panel: 'Firing alerts', refId: 'A', until: 'targets are down' },
  { uid: 'probity-overview', panel: 'Worst 10', refId: 'B', until: 'targets are down' },
  { uid: 'probity-target', panel: 'Firing alerts', refId: 'A', until: 'targets are down' },
  { uid: 'probity-target', panel: 'Failure reasons', refId: 'A', until: 'targets are down' },
  { uid: 'probity-slo', panel: 'Least budget left: 20 targets', refId: 'C', until: 'targets are down' },
  { uid: 'probity-self', panel: 'Firing alerts', refId: 'A', until: 'targets are down' },
  { uid: 'probity-self', panel: 'Notifications of Alertmanager', refId: 'A', until: 'targets are down' },
  {
    uid: 'probity-self',
    panel: 'Notifications of Alertmanager',
    refId: 'B',
    until: 'they are up again but alerts are refused',
  },
]

export interface EmptyQuery {
  readonly uid: string
  /** The title of the panel. */
  readonly panel: string
  readonly refId: string
  readonly until: Situation
}

/** In this order, each on top of the one before it. */
export const situations = ['targets are down', 'they are up again but alerts are refused'] as const
export type Situation = (typeof situations)[number]
