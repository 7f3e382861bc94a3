/** The trace of the call that {@link reportSpan} reports. */
export const traceId = '0af7651916cd43dd8448eb211c80319c'

/** A call that a program has made, as OpenTelemetry reports it. */
const spans = JSON.stringify({
  resourceSpans: [
    {
      scopeSpans: [
        {
          spans: [
            {
              traceId,
              kind: 3,
              startTimeUnixNano: '1760000000000000000',
              endTimeUnixNano: '1760000000150000000',
              attributes: Object.entries({
                'http.request.method': 'GET',
                'url.full': 'https://stripe/"x"',
              }).map(([key, stringValue]) => ({ key, value: { stringValue } })),
              status: { code: 2 },
            },
          ],
        },
      ],
    },
  ],
})

/** Reports a failed call of 150 ms to the host `stripe` to a Probity at this URL. */
export async function reportSpan(url: string): Promise<void> {
  const headers = { 'Content-Type': 'application/json' }
  await fetch(`${url}/v1/traces`, { method: 'POST', body: spans, headers })
}
