import type { Target } from './target.ts'

/**
 * The labels of everything that is said of a target.
 *
 * @param location Where it is probed from.
 */
export function targetLabels(target: Target, location: string): Record<string, string> {
  const { name, instance, severity, labels } = target
  return { ...labels, target: name, instance, severity, location }
}
