import {
  MappingType,
  SpecialValueMatch,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type Threshold,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard'

/** What each colour means, on every dashboard. The names are Grafana's, so that they suit light and dark. */
export const colours = {
  up: 'green',
  degraded: 'orange',
  down: 'red',
  noData: '#808080',
  limit: 'red',
  neutral: 'blue',
  text: 'text',
} as const

/** The states of `probe:state`. Grafana puts nothing where a series has a gap. */
export const stateMappings: ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: {
      '2': { text: 'up', color: colours.up, index: 0 },
      '1': { text: 'degraded', color: colours.degraded, index: 1 },
      '0': { text: 'down', color: colours.down, index: 2 },
    },
  },
  nothing('no data', 3),
]

/** Status codes by class; 0 is a request without a response. */
export const statusMappings: ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: { '0': { text: 'none', color: 'dark-red', index: 0 } },
  },
  codes(100, 199, colours.neutral, 1),
  codes(200, 299, colours.up, 2),
  codes(300, 399, colours.neutral, 3),
  codes(400, 499, colours.degraded, 4),
  codes(500, 599, colours.down, 5),
  nothing('no data', 6),
]

/** Whether an alert fires. */
export const firingMappings: ValueMapping[] = [
  { type: MappingType.ValueToText, options: { '1': { text: 'firing', color: colours.down, index: 0 } } },
]

/** Severities as labels of alerts have them. */
export const severityMappings: ValueMapping[] = [
  {
    type: MappingType.ValueToText,
    options: {
      critical: { color: colours.down, index: 0 },
      warning: { color: colours.degraded, index: 1 },
      info: { color: colours.neutral, index: 2 },
    },
  },
]

/** 1 is good, 0 is bad. */
export function yesNo(yes: string, no: string): ValueMapping[] {
  return [
    {
      type: MappingType.ValueToText,
      options: {
        '1': { text: yes, color: colours.up, index: 0 },
        '0': { text: no, color: colours.down, index: 1 },
      },
    },
    nothing('no data', 2),
  ]
}

function codes(from: number, to: number, color: string, index: number): ValueMapping {
  return { type: MappingType.RangeToText, options: { from, to, result: { color, index } } }
}

function nothing(text: string, index: number): ValueMapping {
  return {
    type: MappingType.SpecialValue,
    options: { match: SpecialValueMatch.NullAndNan, result: { text, color: colours.noData, index } },
  }
}

/** Colours by value: the first below every step, then each from its value on. */
export function steps(
  first: string,
  ...more: readonly (readonly [from: number, color: string])[]
): Threshold[] {
  return [{ value: null, color: first }, ...more.map(([value, color]) => ({ value, color }))]
}

/** The SDK's form of steps. */
export function absolute(thresholds: Threshold[]): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(thresholds)
}
