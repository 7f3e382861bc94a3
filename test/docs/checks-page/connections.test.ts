import { connections } from './stand-ins/connections.ts'
import { tryExamples } from './try-examples.ts'

tryExamples(connections)
