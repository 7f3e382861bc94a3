/** Byte for byte what one deployed agent sends for one call. */
export interface AgentDatagram {
  readonly agent: string
  readonly bytes: string
  readonly host: string
  readonly seconds: number
  /** Whether it takes longer than 100 ms. */
  readonly overLimit: boolean
}

/** What agents of the wire format's versions 0 and 1 send, which tell no status. */
export const agents: readonly AgentDatagram[] = [
  {
    agent: 'libcurl, a raw URL with spaces and a key',
    bytes: '1\tGET\thttp://127.0.0.1:18099/v1/charges?key=secret&x=a b\t0.92300\n',
    host: '127.0.0.1',
    seconds: 0.0000923,
    overLimit: false,
  },
  {
    agent: 'libcurl, nanoseconds that are not padded',
    bytes: '1\tPOST\thttps://me:pass@api.stripe.com/v1/charges\t114.2693\n',
    host: 'api.stripe.com',
    seconds: 0.114002693,
    overLimit: true,
  },
  {
    agent: 'libcurl, no URL',
    bytes: '1\tGET\t(null)\t3.5\n',
    host: '',
    seconds: 0.003000005,
    overLimit: false,
  },
  {
    agent: 'libcurl, 31,999 bytes',
    bytes: `1\tGET\thttp://a.example/${'x'.repeat(31_971)}\t2.0\n`,
    host: 'a.example',
    seconds: 0.002,
    overLimit: false,
  },
  {
    agent: 'Node.js',
    bytes: '0\tPOST\tapi.stripe.com\t/v1/charges?key=secret\t112\n',
    host: 'api.stripe.com',
    seconds: 0.112,
    overLimit: true,
  },
  {
    agent: 'Java, no path and no newline',
    bytes: '0\tGET\tapi.stripe.com\t\t12',
    host: 'api.stripe.com',
    seconds: 0.012,
    overLimit: false,
  },
  {
    agent: 'Python, a scheme before the host',
    bytes: '0\tGET\thttps://api.stripe.com\t/v1/charges\t100',
    host: 'api.stripe.com',
    seconds: 0.1,
    overLimit: false,
  },
  { agent: 'Elixir, spaces', bytes: '0 GET host / 12.5', host: 'host', seconds: 0.0125, overLimit: false },
  {
    agent: 'eBPF, a raw Host header and request target',
    bytes: '0\tGET\tAPI.stripe.com:443\t/v1/charges?key=secret#x\t1012.345\n',
    host: 'api.stripe.com',
    seconds: 1.012345,
    overLimit: true,
  },
  {
    agent: 'the documentation, a vertical tab',
    bytes: '0\tGET\tapi.stripe.com\t/\t12\v',
    host: 'api.stripe.com',
    seconds: 0.012,
    overLimit: false,
  },
]
