import { kinds } from '../../checks/index.ts'
import { formatDuration, parseDuration } from '../../settings/values/duration.ts'
import type { Mapping } from '../../config/document/parts.ts'
import type { Path } from '../../settings/path.ts'
import { Translation, type Remark } from '../shared/translation.ts'
import { Fields } from '../shared/fields.ts'
import { probers } from './probers.ts'
import type { PathOf } from './shared.ts'

/** A module of blackbox_exporter, in the words of targets.yml. */
export interface BlackboxModule {
  readonly name: string
  /** The key of a target that selects the kind of check. */
  readonly key: string
  /** What a module may have. */
  readonly keys: Mapping
  /** Seconds. Absent: whatever the scrape leaves. */
  readonly timeout?: number
  /** What only a target may have: what is checked. Its text is not escaped. */
  readonly own: (target: string) => Mapping
  /** A target that it can have. */
  readonly example: string
  /** What would be judged otherwise: such a module must not be used as if it were the same. */
  readonly lost: readonly Remark[]
  /** What is different and can be lived with. */
  readonly notes: readonly Remark[]
  /** Where a key of ours stands in blackbox.yml. */
  readonly origin: (path: Path) => Path
}

/** Seconds: what an interval is where nothing is said. */
const usualInterval = 30

/**
 * Translates one of `modules:`.
 *
 * @param pathOf Resolves the paths in it.
 */
export function translateModule(name: string, written: unknown, at: Path, pathOf: PathOf): BlackboxModule {
  const translation = new Translation()
  const fields = new Fields(written, at)
  const chosen = fields.text('prober') ?? ''
  const prober = Object.hasOwn(probers, chosen) ? probers[chosen] : undefined
  if (!kinds.some(({ key }) => key === prober?.key))
    translation.lose(fields.at('prober'), `the prober ${JSON.stringify(chosen)} is not supported here`)
  const settings = fields.below(prober ? chosen : 'http')
  prober?.translate(settings, { translation, pathOf })
  const timeout = translateTimeout(fields, translation)
  const own = (target: string): Mapping => prober?.own(target, settings) ?? {}
  own('')
  for (const path of translation.unsaid(fields.left())) {
    const below = String(path.at(at.length))
    if (below !== chosen && Object.hasOwn(probers, below))
      translation.note(path, 'is for another prober: it has no effect')
    else translation.lose(path, 'is not supported here')
  }
  return {
    name,
    key: prober?.key ?? 'url',
    keys: withLists(translation.keys),
    ...(timeout !== undefined && { timeout }),
    own,
    example: prober?.example ?? '',
    lost: translation.lost,
    notes: translation.notes,
    origin: (path) => translation.origin(path) ?? at,
  }
}

function translateTimeout(fields: Fields, translation: Translation): number | undefined {
  const text = fields.text('timeout')
  if (text === undefined) return undefined
  const seconds = parseDuration(text)
  if (seconds === undefined) translation.lose(fields.at('timeout'), 'is not a valid duration')
  if (seconds === undefined || seconds === 0) return undefined
  translation.set(['timeout'], text, fields.at('timeout'))
  // A target's interval is longer than its timeout.
  if (seconds >= usualInterval)
    translation.set(['interval'], formatDuration(seconds * 2), fields.at('timeout'))
  return seconds
}

/** Steps were collected under their numbers. */
function withLists(keys: Mapping): Mapping {
  const { dialogue } = keys
  return typeof dialogue === 'object' && dialogue !== null
    ? { ...keys, dialogue: Object.values(dialogue) }
    : keys
}
