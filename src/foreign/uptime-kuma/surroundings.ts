import type { Fields } from '../shared/fields.ts'
import type { Names } from '../shared/render.ts'
import type { Secrets } from '../shared/secrets.ts'

/** What is around a monitor. */
export interface Surroundings {
  /** Names by id, as they were. */
  readonly monitors: ReadonlyMap<string, string>
  readonly notifications: ReadonlyMap<string, string>
  /** The channels of notify.yml, by the id of the notification that each was; those that could not be made are missing. */
  readonly channels: ReadonlyMap<string, string>
  readonly proxies: ReadonlyMap<string, Fields>
  readonly names: Names
  readonly secrets: Secrets
}

/** A reference to what stands in a key of a monitor, and is a secret. */
export function secretOf(monitor: Fields, key: string, { secrets }: Pick<Surroundings, 'secrets'>): string {
  return secrets.keep(monitor.text(key) ?? '', monitor.text('id') ?? String(monitor.path.at(-1)), key)
}
