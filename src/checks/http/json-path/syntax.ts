import parseJsonPath, { type JsonPathQuery } from 'jsonpath-rfc9535/parser'
import { memoize } from '../../../settings/values/memo.ts'

/* The parts of a parsed JSONPath. The library exports the type of the whole alone. */

export type Segment = JsonPathQuery['segments'][number]
export type Selector = Extract<Segment['node'], { type: 'BracketedSelection' }>['selectors'][number]
export type Slice = Extract<Selector, { type: 'SliceSelector' }>
export type Logical = Extract<Selector, { type: 'FilterSelector' }>['value']
export type Test = Extract<Logical, { type: 'TestExpr' }>['expression']
export type FilterQuery = Extract<Test, { type: 'FilterQuery' }>
export type FunctionCall = Extract<Test, { type: 'FunctionExpr' }>
export type Comparison = Extract<Logical, { type: 'ComparisonExpr' }>
export type ComparisonOp = Comparison['op']
export type Comparable = Comparison['left']
export type SingularSegment = Extract<Comparable, { type: 'RelSingularQuery' }>['segments'][number]

/** Parses a JSONPath. It was checked before. */
export const parse = memoize(parseJsonPath)
