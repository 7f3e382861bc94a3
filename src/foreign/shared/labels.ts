import { checkLabelName } from '../../settings/values/labels.ts'
import type { Path } from '../../settings/path.ts'
import type { Translation } from './translation.ts'
import { ValueError } from '../../settings/values/value.ts'

/** Makes labels of what another program calls so. A name that no label can have is changed, with a note. */
export function setLabels(
  translation: Translation,
  labels: readonly (readonly [name: string, value: string])[],
  at: Path,
): void {
  for (const [written, value] of labels) {
    if (value === '') continue
    const name = labelName(written)
    if (name !== written) translation.note(at, `${JSON.stringify(written)} is the label ${name} here`)
    translation.set(['labels', name], value, at)
  }
}

function labelName(written: string): string {
  const plain = written
    .replaceAll(/[^A-Za-z0-9_]/g, '_')
    .replace(/^(?=\d|$)/, '_')
    .replace(/^__/, 'x__')
  try {
    checkLabelName(plain)
    return plain
  } catch (error) {
    if (!(error instanceof ValueError)) throw error
    return `own_${plain}`
  }
}
