import { tcpFamily } from './rows/tcp.ts'
import { differentialSuite } from './suite.ts'

differentialSuite(tcpFamily)
