import { unixFamily } from './rows/unix.ts'
import { differentialSuite } from './suite.ts'

differentialSuite(unixFamily)
