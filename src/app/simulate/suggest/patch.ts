import { isDeepStrictEqual } from 'node:util'
import { relative } from 'node:path'
import { createTwoFilesPatch } from 'diff'
import type { Config } from '../../../config/config.ts'
import type { Target } from '../../../config/target/target.ts'
import { formatDuration } from '../../../settings/values/duration.ts'
import { formatRatio } from '../../../settings/values/ratio.ts'
import type { Source } from '../../../settings/sources.ts'
import { unanswerable } from '../unanswerable.ts'
import { editYaml, type Edit } from './edit.ts'
import type { Proposal } from './proposals.ts'
import { withProposal, type Suggestion } from './suggest.ts'

/** The suggestions as changes of the files. */
export interface Patch {
  /** A unified diff, as `patch -p0` takes it; empty where there is nothing to change. */
  readonly text: string
  /** Targets whose values do not stand where they could be edited, such as those that another program lists. */
  readonly left: readonly string[]
}

export interface PatchRequest {
  readonly config: Pick<Config, 'targets' | 'originOf' | 'placeOf'>
  /** The files as they were read. */
  readonly sources: readonly Source[]
  readonly suggestions: readonly Pick<Suggestion, 'target' | 'proposal'>[]
  /** Reads edited files as a configuration. @throws ConfigError */
  readonly read: (sources: readonly Source[]) => Pick<Config, 'targets'>
  /** The folder that the names of the files in the diff start from. */
  readonly folder: string
}

/** Writes suggestions into the files, each only if the result reads as it should and nothing else is different. */
export function makePatch(request: PatchRequest): Patch {
  const { sources, suggestions, folder } = request
  // Where one of them cannot be written, it is found out one by one which.
  const all = written(request, suggestions)
  const possible = all ? suggestions : suggestions.filter((one) => written(request, [one]))
  const edited = all ?? written(request, possible) ?? sources
  const done = new Set(edited === sources ? [] : possible)
  const diffs = edited.flatMap(({ file, text }, index) => {
    const before = sources[index]?.text ?? ''
    return text === before ? [] : [diffOf(relative(folder, file), before, text)]
  })
  return {
    text: diffs.join(''),
    left: suggestions.filter((one) => !done.has(one)).map(({ target }) => target),
  }
}

/** The files with these suggestions; nothing if they do not read as they should. */
function written(
  { config, sources, read }: PatchRequest,
  suggestions: PatchRequest['suggestions'],
): Source[] | undefined {
  const edits = suggestions.map(({ target, proposal }) => ({ place: config.placeOf?.(target), proposal }))
  const files = new Set(sources.map(({ file }) => file))
  if (edits.some(({ place }) => !place || !files.has(place.file))) return undefined
  const results = sources.map((source) => {
    const own = edits.flatMap(({ place, proposal }) =>
      place?.file === source.file ? [{ at: place.at, ...asWritten(proposal) }] : [],
    )
    if (own.length === 0) return { source, impossible: [] }
    const { text, impossible } = editYaml(source.text, own)
    return { source: { ...source, text }, impossible }
  })
  const edited = results.map(({ source }) => source)
  const proposals = new Map(suggestions.map(({ target, proposal }) => [target, proposal]))
  const wanted = config.targets.map((target) => withProposal(target, proposals.get(target.name), config))
  const isSound =
    results.every(({ impossible }) => impossible.length === 0) && isAsWanted(edited, wanted, read)
  return isSound ? edited : undefined
}

function diffOf(name: string, before: string, after: string): string {
  const all = createTwoFilesPatch(name, name, before, after)
  // The line of dashes in front of it is of no use to patch.
  return all.slice(all.indexOf('--- '))
}

/** In the words of the file. */
export function asWritten({ alertAfter, maxLatency, maxErrorRatio }: Proposal): Pick<Edit, 'own' | 'expect'> {
  return {
    own: { ...(alertAfter !== undefined && { alert_after: String(alertAfter) }) },
    expect: {
      ...(maxLatency !== undefined && { max_latency: inOneUnit(maxLatency) }),
      ...(maxErrorRatio !== undefined && { max_error_rate: formatRatio(maxErrorRatio) }),
    },
  }
}

/** `1500ms`, as people write it, and not `1s500ms`. */
function inOneUnit(seconds: number): string {
  return Number.isInteger(seconds) ? formatDuration(seconds) : `${Math.round(seconds * 1000)}ms`
}

/** What was suggested is there, and nothing else of a target has changed. */
function isAsWanted(
  sources: readonly Source[],
  wanted: readonly Target[],
  read: PatchRequest['read'],
): boolean {
  let targets: readonly Target[]
  try {
    ;({ targets } = read(sources))
  } catch {
    return false
  }
  const essence = (all: readonly Target[]): unknown =>
    all.map(({ name, alertAfter, expect }) => ({ name, alertAfter, expect }))
  return isDeepStrictEqual(essence(targets), essence(wanted)) && unanswerable(wanted, targets).length === 0
}
