import { names } from './stand-ins/names.ts'
import { tryExamples } from './try-examples.ts'

tryExamples(names)
