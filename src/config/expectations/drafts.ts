import type { FileDraft, TargetDraft } from '../document/document.ts'
import { formatDuration } from '../../settings/values/duration.ts'
import { exactly, parseExpectations, type MethodExpectation } from './parse.ts'
import type { Place } from '../../settings/issues.ts'
import { checkChannels, type Reading } from '../document/parts.ts'
import { formatRatio } from '../../settings/values/ratio.ts'
import type { Source } from '../../settings/sources.ts'

/** Whether a file is one of expectations (`*.mm`), by its name. */
export function isExpectationFile(file: string): boolean {
  return file.endsWith('.mm')
}

/** Reads an expectation file: each of its methods is a target that is judged on calls of that name. */
export function readExpectationFile({ file, text }: Source, reading: Reading): FileDraft {
  const { methods, problems, notices } = parseExpectations(text)
  for (const problem of problems) reading.issues.addRaw({ file, path: '', ...problem })
  const targets = methods.map((method) => draftOf(method, file, reading))
  return {
    modules: [],
    vendors: [],
    targets,
    listsTargets: true,
    notices: notices.map(
      ({ line, column, message }) => `${file}:${String(line)}:${String(column)}: ${message}`,
    ),
  }
}

function draftOf(method: MethodExpectation, file: string, reading: Reading): TargetDraft {
  const { issues } = reading
  const { name, line, column, maxLatency, maxErrorRatio, severity, notify, runbook, missing } = method
  const said = {
    ...(severity && { severity }),
    ...(notify && { notify: [...notify] }),
    ...(runbook && { runbook }),
  }
  const place: Place = {
    source: { file, tree: { value: name, locate: () => ({ line, column }) } },
    at: [],
    short: true,
  }
  checkChannels(said, said, place, reading)
  const settings = {
    ...said,
    calls: { operation: exactly(name), ...(missing && { missing }) },
    expect: {
      ...(maxLatency !== undefined && { max_latency: maxLatency }),
      ...(maxErrorRatio !== undefined && { max_error_rate: maxErrorRatio }),
    },
  }
  const written = {
    ...said,
    calls: { operation: settings.calls.operation.source, ...(missing && { missing }) },
    expect: {
      ...(maxLatency !== undefined && { max_latency: formatDuration(maxLatency) }),
      ...(maxErrorRatio !== undefined && { max_error_rate: formatRatio(maxErrorRatio) }),
    },
  }
  return {
    place,
    name,
    short: true,
    parts: [
      {
        settings,
        written,
        has: (key) => Object.hasOwn(settings, key),
        report: (_path, message) => {
          issues.add(place, [], 'value', message)
        },
      },
    ],
  }
}
