import { tlsFamily } from './rows/tls.ts'
import { differentialSuite } from './suite.ts'

differentialSuite(tlsFamily)
