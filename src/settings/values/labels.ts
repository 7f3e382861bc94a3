import { asText, ValueError } from './value.ts'

/** Labels that Probity or Prometheus set themselves: a target's own would hide or double them. */
const reserved = new Set([
  'alertname',
  'caller',
  'credential',
  'instance',
  'job',
  'kind',
  'le',
  'location',
  'notify',
  'outcome',
  'parent',
  'phase',
  'reason',
  'repeat',
  'runbook',
  'severity',
  'step',
  'target',
  'version',
])

/** Checks the name of a target's own label: https://prometheus.io/docs/concepts/data_model/ */
export function checkLabelName(name: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new ValueError('is not a valid label name: expected letters, digits and _, and no digit first')
  }
  if (name.startsWith('__')) throw new ValueError('this label is reserved: Prometheus keeps __ for itself')
  if (reserved.has(name)) throw new ValueError('this label is reserved: Probity or Prometheus sets it')
}

/** Reads a label's value; nothing takes an inherited label away. */
export function readLabelValue(input: unknown): string | null {
  if (input === null) return null
  const text = asText(input)
  if (text === '') throw new ValueError('is empty: write a value, or ~ to remove an inherited label')
  return text
}
