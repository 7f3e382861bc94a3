/**
 * `node --import probity-client/auto app.js` reports every HTTP request of a program that does not know about it.
 *
 * @packageDocumentation
 */
import { monitor } from './monitor.ts'

monitor().instrument()
