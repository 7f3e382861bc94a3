import type { Mapping } from '../../config/document/parts.ts'
import type { Imported } from './importer.ts'
import { remarkText, renderNotify, renderTargets, type Entry } from './render.ts'
import type { Secrets } from './secrets.ts'
import type { Remark } from './translation.ts'

/** What is known once every part of a file was translated. */
export interface Translated {
  /** The targets, and remarks on those that are left out. */
  readonly outcomes: readonly (Entry | Remark)[]
  /** What else has to be said. Default: nothing. */
  readonly left?: readonly Remark[]
  readonly defaults?: Mapping
  /** Windows for some of the targets. Default: none. */
  readonly maintenance?: readonly Entry[]
  /** Channels of notify.yml, by their names. Default: there is no such file. */
  readonly channels?: ReadonlyMap<string, Entry>
  /** Where secrets were kept, and the file for their values. Default: there were none. */
  readonly secrets?: { readonly kept: Secrets; readonly file: string }
}

/** Makes a targets.yml, a notify.yml if there are channels, a file with the secrets if there are any, and the notes. */
export function importedTargets(
  source: string,
  { outcomes, left = [], secrets, channels = new Map(), ...others }: Translated,
): Imported {
  const targets = outcomes.filter((outcome): outcome is Entry => 'keys' in outcome)
  const remarks = [
    ...[...channels.values(), ...targets, ...(others.maintenance ?? [])].flatMap((entry) => entry.remarks),
    ...outcomes.filter((outcome): outcome is Remark => !('keys' in outcome)),
    ...left,
  ]
  return {
    files: [
      { name: 'targets.yml', text: renderTargets(source, { ...others, targets }) },
      ...(channels.size === 0 ? [] : [{ name: 'notify.yml', text: renderNotify(source, channels) }]),
      ...(secrets?.kept.files(secrets.file) ?? []),
    ],
    notes: [...remarks.map((remark) => remarkText(remark)), ...(secrets?.kept.notes(secrets.file) ?? [])],
  }
}
