import type { Distribution, DueCounts } from '@wardlight/core/fleet'
import type {
  CodeableConcept,
  Measure,
  MeasureReport,
  MeasureReportGroup,
  MeasureReportGroupPopulation,
} from 'fhir/r4.js'
import { buildingId, fhirId } from './ids.ts'
import { SYSTEMS } from './systems.ts'

export const MEASURE_IDS = ['rooms-done', 'turnaround'] as const
export type MeasureId = (typeof MEASURE_IDS)[number]

type Population = 'initial-population' | 'denominator' | 'numerator' | 'measure-population'

/** In words: a population of a Measure needs a query of FHIR or CQL, and there is none that finds signatures. */
interface Group {
  readonly code: string
  readonly says: string
}

const RELEASED = 'released by signature under a proven report'

/** What each measure counts, in the words that its reports go by. */
const MEASURES: Readonly<
  Record<
    MeasureId,
    {
      readonly title: string
      readonly description: string
      readonly scoring: 'proportion' | 'continuous-variable'
      readonly groups: readonly Group[]
    }
  >
> = {
  'rooms-done': {
    title: 'Rooms due and done',
    description:
      'Requests to disinfect rooms of a ward that were due in a month (without a due time: that were made in it), and dates of recurring plans that nobody requested. Requests that people took back do not count.',
    scoring: 'proportion',
    groups: [
      {
        code: 'done',
        says: `Numerator: requests whose room was ${RELEASED}, whenever that was. Denominator: what was due`,
      },
      {
        code: 'in-time',
        says: `Numerator: requests whose room was ${RELEASED} by their due time. Denominator: requests with a due time that is over, or that were done before it`,
      },
    ],
  },
  turnaround: {
    title: 'Turnaround',
    description: `Minutes from the request to the signature that made the room clean, of requests that were due in a month and are done. Percentiles by nearest rank over the requests themselves: never add or average them over wards or months.`,
    scoring: 'continuous-variable',
    groups: [
      { code: 'median', says: 'Half of them took no longer' },
      { code: 'p90', says: '90 % of them took no longer' },
      { code: 'longest', says: 'The one that took longest' },
    ],
  },
}

export function measure(id: MeasureId): Measure {
  const { title, description, scoring, groups } = MEASURES[id]
  return {
    resourceType: 'Measure',
    id,
    url: urlOf(id),
    status: 'active',
    title,
    description,
    scoring: { coding: [{ system: SYSTEMS.measureScoring, code: scoring }] },
    improvementNotation: improvement(id),
    group: groups.map(({ code, says }) => ({ code: groupCode(code), description: says })),
  }
}

export function measureReportId(id: MeasureId, month: string, ward: string | null): string {
  return fhirId(id, ward === null ? month : `${month} ${ward}`)
}

/** Of one month and ward. A share of nothing, and a percentile of nothing, is left out. */
export function measureReport(
  id: MeasureId,
  { month, ward, isOver }: { readonly month: string; readonly ward: string | null; readonly isOver: boolean },
  figures: { readonly due: DueCounts; readonly turnaround: Distribution },
): MeasureReport {
  const name = ward?.trim() ?? ''
  return {
    resourceType: 'MeasureReport',
    id: measureReportId(id, month, ward),
    status: isOver ? 'complete' : 'pending',
    type: 'summary',
    measure: urlOf(id),
    subject:
      ward === null
        ? { display: 'Rooms of no ward' }
        : {
            ...(ward === '' ? {} : { identifier: { system: SYSTEMS.ward, value: ward } }),
            display: `Ward ${name === '' ? 'without a name' : name}`,
          },
    reporter: { reference: `Location/${buildingId()}` },
    period: { start: `${month}-01`, end: lastDay(month) },
    improvementNotation: improvement(id),
    group: id === 'rooms-done' ? doneGroups(figures.due) : turnaroundGroups(figures.turnaround),
  }
}

function doneGroups({ due, done, doneInTime, doneLate, overdue }: DueCounts): MeasureReportGroup[] {
  const share = (code: string, numerator: number, denominator: number): MeasureReportGroup => ({
    code: groupCode(code),
    population: [
      population('initial-population', denominator),
      population('denominator', denominator),
      population('numerator', numerator),
    ],
    ...(denominator === 0 ? {} : { measureScore: quantity(numerator / denominator, '1') }),
  })
  return [share('done', done, due), share('in-time', doneInTime, doneInTime + doneLate + overdue)]
}

function turnaroundGroups({ count, medianS, p90S, longestS }: Distribution): MeasureReportGroup[] {
  return Object.entries({ median: medianS, p90: p90S, longest: longestS }).map(([code, seconds]) => ({
    code: groupCode(code),
    population: [population('measure-population', count)],
    ...(seconds === null ? {} : { measureScore: quantity(Number((seconds / 60).toFixed(1)), 'min') }),
  }))
}

function urlOf(id: MeasureId): string {
  return `${SYSTEMS.compliance}:${id}`
}

function groupCode(code: string): CodeableConcept {
  return { coding: [{ system: SYSTEMS.compliance, code }] }
}

function population(code: Population, count: number): MeasureReportGroupPopulation {
  return { code: { coding: [{ system: SYSTEMS.measurePopulation, code }] }, count }
}

function quantity(value: number, code: '1' | 'min') {
  return { value, ...(code === '1' ? {} : { unit: code }), system: SYSTEMS.ucum, code }
}

function improvement(id: MeasureId): CodeableConcept {
  return {
    coding: [{ system: SYSTEMS.improvement, code: id === 'rooms-done' ? 'increase' : 'decrease' }],
  }
}

function lastDay(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10)
}
