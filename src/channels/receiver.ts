/** A part of alertmanager.yml: https://prometheus.io/docs/alerting/latest/configuration/ */
export type AlertmanagerYaml = Readonly<Record<string, unknown>>

/** Puts a secret into its own file, and gives its path. */
export type SecretFile = (what: string, secret: string) => string

/** Alertmanager's own receiver for a type of channel. The methods are compared in both directions, as `ChannelType`'s are. */
export interface Receiver<S> {
  /** A pager has an incident per alert; a chat has a message per group. */
  readonly pager: boolean
  /** The first version of Alertmanager that takes it, such as `0.28`. Default: each that the stack runs with. */
  readonly since?: string
  /** Whether Alertmanager can do what these settings ask for. */
  can(settings: S): boolean
  /** The receiver, without its name. */
  render(settings: S, secretFile: SecretFile): AlertmanagerYaml
}
