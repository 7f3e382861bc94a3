/** What tokens can be created for, and what each scope lets its bearer do. */
export const scopes = {
  read: 'see pages, results and metrics',
  probe: 'have targets probed',
  calls: 'report calls',
  heartbeat: 'report for jobs',
  reload: 'reload the configuration',
  results: 'report checks of another location',
  silence: 'silence alerts',
  marks: 'mark events',
  commands: 'report what commands did',
  report: 'get the availability report',
  subscribers: 'see and remove the subscribers of public pages',
  peer: 'exchange with another solo what was sent',
  admin: 'do everything',
} as const

export type Scope = keyof typeof scopes

/** Whether somebody who has these scopes may do what one of them is for. */
export function covers(own: readonly string[], scope: Scope): boolean {
  return own.includes(scope) || own.includes('admin')
}

/** Scopes of programs that only send something: a token of one of them closes its own routes and no others. */
export const sendingScopes: readonly string[] = ['calls', 'heartbeat', 'peer', 'results'] satisfies Scope[]
