import { web } from './stand-ins/web.ts'
import { tryExamples } from './try-examples.ts'

tryExamples(web)
