/** A series of an answer: its labels, and its points as time and value. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>
  readonly values: readonly (readonly [time: number, value: string])[]
}

export interface Answer {
  readonly series: readonly Series[]
  /** What Prometheus remarks: its warnings and, since 3.0, its infos. */
  readonly remarks: readonly string[]
}

/** The HTTP API of a Prometheus. Times are Unix seconds; an error of Prometheus is thrown with its words. */
export interface PrometheusApi {
  readonly query: (promql: string, time: number) => Promise<Answer>
  readonly queryRange: (promql: string, from: number, to: number, step: number) => Promise<Answer>
  readonly labelValues: (label: string, selector: string, from: number, to: number) => Promise<string[]>
}

interface Body<T> {
  readonly status: 'success' | 'error'
  readonly error?: string
  readonly data: T
  readonly warnings?: string[]
  readonly infos?: string[]
}

interface Result {
  readonly result: readonly {
    metric: Record<string, string>
    value?: [number, string]
    values?: [number, string][]
  }[]
}

/** Talks to the Prometheus at this URL. */
export function prometheusApi(url: string): PrometheusApi {
  async function ask<T>(path: string, parameters: Record<string, string>): Promise<Body<T>> {
    const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`)
    const body = (await response.json()) as Body<T>
    if (body.status === 'error') throw new Error(`${body.error ?? ''}: ${JSON.stringify(parameters)}`)
    return body
  }

  async function evaluate(path: string, parameters: Record<string, string>): Promise<Answer> {
    const { data, warnings = [], infos = [] } = await ask<Result>(path, parameters)
    const series = data.result.map(({ metric, value, values }) => ({
      metric,
      values: values ?? (value ? [value] : []),
    }))
    return { series, remarks: [...warnings, ...infos] }
  }

  return {
    query: (query, time) => evaluate('query', { query, time: String(time) }),
    queryRange: (query, from, to, step) =>
      evaluate('query_range', { query, start: String(from), end: String(to), step: String(step) }),
    async labelValues(label, selector, from, to) {
      const parameters = { 'match[]': selector, start: String(from), end: String(to) }
      return (await ask<string[]>(`label/${label}/values`, parameters)).data
    },
  }
}
