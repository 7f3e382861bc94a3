import { connected, type Example } from '../../support/example.ts'

export const example: Example = {
  target: { grpc: 'api.example:50051' },
  result: { ...connected, grpc: { ssl: false, statusCode: 0, servingStatus: 'SERVING' } },
  facts: [
    ['connected', 'to 192.0.2.7'],
    ['status', '0 OK'],
    ['health', 'SERVING'],
  ],
}
