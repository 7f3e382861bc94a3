import { Server, ServerCredentials, type ServiceDefinition, type UntypedHandleCall } from '@grpc/grpc-js'

const pass = (bytes: Buffer): Buffer => bytes

/** The one method of https://github.com/grpc/grpc/blob/master/doc/health-checking.md that is called, in bytes. */
const definition: ServiceDefinition = {
  check: {
    path: '/grpc.health.v1.Health/Check',
    requestStream: false,
    responseStream: false,
    requestSerialize: pass,
    requestDeserialize: pass,
    responseSerialize: pass,
    responseDeserialize: pass,
  },
}

export interface GrpcServer {
  /** host:port */
  readonly address: string
  readonly stop: () => void
}

/**
 * Starts a gRPC server.
 *
 * @param check Answers the health check with bytes. Default: the server has no health service.
 */
export async function startGrpcServer(
  check?: UntypedHandleCall,
  credentials = ServerCredentials.createInsecure(),
): Promise<GrpcServer> {
  const server = new Server()
  if (check) server.addService(definition, { check })
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => {
      if (error) reject(error)
      else resolve(bound)
    })
  })
  return {
    address: `127.0.0.1:${port}`,
    stop: () => {
      server.forceShutdown()
    },
  }
}
