import { describe, expect, it } from 'vitest'
import { readGolden, type Manifest } from './support/golden.ts'
import { overlays } from './support/kustomize.ts'
import { selects, workloadsIn, type Workload } from './support/pods.ts'

const cases = overlays.flatMap((overlay) => {
  const manifests = readGolden(overlay)
  return workloadsIn(manifests).map((workload) => [overlay, workload.name, workload, manifests] as const)
})

/** The objects of a kind whose selector finds the Pods. */
function selecting(manifests: readonly Manifest[], kind: string, { labels }: Workload): Manifest[] {
  return manifests.filter((manifest) => {
    if (manifest.kind !== kind) return false
    const { selector, podSelector } = manifest.spec as Readonly<
      Record<'selector' | 'podSelector', { matchLabels?: Record<string, string> } | undefined>
    >
    return selects((podSelector ?? selector)?.matchLabels, labels)
  })
}

describe.each(cases)('%s: the Pods of %s', (_overlay, _name, workload, manifests) => {
  const { pod, containers } = workload

  it('keep to the pod security standard "restricted"', () => {
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    })
    expect(pod.securityContext).toHaveProperty('runAsUser')
    for (const { securityContext } of containers)
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
    for (const key of ['hostNetwork', 'hostPID', 'hostIPC']) expect(pod).not.toHaveProperty(key)
  })

  it('know nothing of the cluster', () => {
    expect(pod.automountServiceAccountToken).toBe(false)
    expect(pod.enableServiceLinks).toBe(false)
  })

  it('are bounded in memory and in what they write', () => {
    for (const { resources } of containers) {
      expect(resources?.requests).toEqual({
        cpu: expect.stringMatching(/^\d+m$/),
        memory: expect.stringMatching(/^\d+[MG]i$/),
      })
      // Not in the CPU: a check that has to wait for it measures that.
      expect(resources?.limits).toEqual({ memory: expect.stringMatching(/^\d+[MG]i$/) })
    }
    for (const volume of pod.volumes ?? [])
      if (volume.emptyDir) expect(volume.emptyDir.sizeLimit).toMatch(/^\d+[MG]i$/)
  })

  it('say whether they are ready and alive', () => {
    for (const { readinessProbe, livenessProbe } of pod.containers)
      for (const probe of [readinessProbe, livenessProbe]) expect(probe?.httpGet ?? probe?.exec).toBeDefined()
  })

  it('have time to end', () => {
    const delay = /--web\.shutdown-delay=(\d+)s/.exec(JSON.stringify(pod))?.[1]
    // Probes in flight may take two minutes; others end within ten seconds.
    const needed = delay === undefined ? 10 : Number(delay) + 120
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(needed)
  })

  it('mount what is there, and write only to volumes', () => {
    const volumes = [...(pod.volumes ?? []).map(({ name }) => name), ...workload.claims]
    const mounted = containers.flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name))
    expect(new Set(mounted)).toEqual(new Set(volumes))
    for (const { volumeMounts = [] } of containers)
      for (const { name, readOnly } of volumeMounts) {
        const { configMap, secret } = (pod.volumes ?? []).find((volume) => volume.name === name) ?? {}
        if (configMap ?? secret) expect(readOnly).toBe(true)
      }
  })

  it('are reached only by whom a NetworkPolicy names', () => {
    expect(selecting(manifests, 'NetworkPolicy', workload).length).toBeGreaterThan(0)
  })

  it('stay when a node is drained, if there are several', () => {
    const budgets = selecting(manifests, 'PodDisruptionBudget', workload)
    expect(budgets).toHaveLength(workload.replicas > 1 ? 1 : 0)
  })
})
