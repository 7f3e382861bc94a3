import type { Manifest } from './golden.ts'

export interface Container {
  readonly name: string
  readonly image: string
  readonly args?: readonly string[]
  readonly env?: readonly {
    readonly name: string
    readonly value?: string
    readonly valueFrom?: { readonly secretKeyRef?: KeyRef }
  }[]
  readonly envFrom?: readonly { readonly secretRef?: Ref; readonly configMapRef?: Ref }[]
  readonly ports?: readonly {
    readonly name: string
    readonly containerPort: number
    readonly protocol?: string
  }[]
  readonly readinessProbe?: Probe
  readonly livenessProbe?: Probe
  readonly startupProbe?: Probe
  readonly resources?: {
    readonly requests?: Record<string, string>
    readonly limits?: Record<string, string>
  }
  readonly securityContext?: object
  readonly volumeMounts?: readonly {
    readonly name: string
    readonly mountPath: string
    readonly readOnly?: boolean
  }[]
}

interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string }
  readonly exec?: { readonly command: readonly string[] }
}

/** A ConfigMap or a Secret that is named. */
export interface Ref {
  readonly name: string
  readonly optional?: boolean
}

interface KeyRef extends Ref {
  readonly key: string
}

export interface Volume {
  readonly name: string
  readonly configMap?: Ref
  readonly secret?: { readonly secretName: string; readonly optional?: boolean }
  readonly emptyDir?: { readonly sizeLimit?: string }
}

export interface PodSpec {
  readonly securityContext?: object
  readonly automountServiceAccountToken?: boolean
  readonly enableServiceLinks?: boolean
  readonly terminationGracePeriodSeconds?: number
  readonly initContainers?: readonly Container[]
  readonly containers: readonly Container[]
  readonly volumes?: readonly Volume[]
}

/** A Deployment or a StatefulSet. */
export interface Workload {
  readonly name: string
  readonly replicas: number
  readonly labels: Readonly<Record<string, string>>
  readonly pod: PodSpec
  /** Init containers too. */
  readonly containers: readonly Container[]
  /** Names of volumes that outlive the Pod. */
  readonly claims: readonly string[]
}

export function workloadsIn(manifests: readonly Manifest[]): Workload[] {
  return manifests.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet').map(toWorkload)
}

function toWorkload({ metadata, spec }: Manifest): Workload {
  const {
    replicas,
    template,
    volumeClaimTemplates = [],
  } = spec as {
    readonly replicas: number
    readonly template: {
      readonly metadata: { readonly labels: Record<string, string> }
      readonly spec: PodSpec
    }
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[]
  }
  return {
    name: metadata.name,
    replicas,
    labels: template.metadata.labels,
    pod: template.spec,
    containers: [...(template.spec.initContainers ?? []), ...template.spec.containers],
    claims: volumeClaimTemplates.map(({ metadata: { name } }) => name),
  }
}

/** Whether all labels of a selector are there. */
export function selects(
  selector: Readonly<Record<string, string>> | undefined,
  labels: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(selector ?? {}).every(([name, value]) => labels[name] === value)
}
