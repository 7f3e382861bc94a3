import { icmpFamily } from './rows/icmp.ts'
import { differentialSuite } from './suite.ts'

differentialSuite(icmpFamily)
