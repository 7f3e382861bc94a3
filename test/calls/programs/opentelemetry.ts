/**
 * A program that knows OpenTelemetry and nothing of Probity: it requests the URLs that it is given. Where its spans go, and what it
 * is called, stands in the environment, as the OpenTelemetry specification has it.
 */
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { detectResources, envDetector } from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'

const provider = new NodeTracerProvider({
  resource: detectResources({ detectors: [envDetector] }),
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
})
provider.register()
const instrumentation = new UndiciInstrumentation()
instrumentation.setTracerProvider(provider)

for (const url of process.argv.slice(2)) {
  await fetch(url, { method: 'POST' }).then(
    (response) => response.arrayBuffer(),
    () => undefined,
  )
}
await provider.shutdown()
