import { dnsFamily } from './rows/dns.ts'
import { differentialSuite } from './suite.ts'

differentialSuite(dnsFamily)
