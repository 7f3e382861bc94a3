import { maybe, type ProbeMetric } from '../../metric.ts'

/** In what the answers of HTTP/1 were odd. */
export const oddityMetric: ProbeMetric = maybe(
  'probe_http_lenient_info',
  'How a response departed from HTTP/1 although it could be read: 1 for each oddity',
  ({ result: { oddities = [] } }) => oddities.map((oddity) => ({ labels: { oddity }, value: 1 })),
  { labels: ['oddity'] },
)
