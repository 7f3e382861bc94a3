import { httpFamily } from './rows/http.ts'
import { differentialSuite } from './suite.ts'

differentialSuite(httpFamily)
