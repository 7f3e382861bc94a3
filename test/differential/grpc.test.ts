import { grpcFamily } from './rows/grpc.ts'
import { differentialSuite } from './suite.ts'

differentialSuite(grpcFamily)
