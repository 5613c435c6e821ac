import type { NewSiteValidation } from '@wardlight/core/fleet'
import { hospitalTimeToIso } from '../store/hospital-time.ts'

/** What a person writes about a validation. Numbers are `NaN`, texts empty where nothing is written. */
export interface ValidationEntry {
  readonly organismId: string | null
  readonly method: NewSiteValidation['method']
  readonly scope: NewSiteValidation['place']['scope']
  readonly ward: string | null
  readonly roomIds: readonly string[]
  /** `null`: every robot with that equipment. */
  readonly robotId: string | null
  readonly equipment: string
  /** mJ/cm² for light, ppm·h for peroxide. */
  readonly dose: number
  readonly indicatorOrganism: string
  readonly indicatorProduct: string
  readonly indicatorLot: string
  readonly resultType: NewSiteValidation['result']['type']
  readonly exposed: number
  readonly grew: number
  readonly populationLog: number
  readonly samples: number
  readonly lowestLog: number
  readonly requiredLog: number
  readonly performedBy: string
  /** Days of the hospital, `2026-03-31`. */
  readonly performedOn: string
  readonly validThrough: string
  readonly evidence: string
  readonly note: string
}

export const EMPTY_VALIDATION: ValidationEntry = {
  organismId: null,
  method: 'uv',
  scope: 'site',
  ward: null,
  roomIds: [],
  robotId: null,
  equipment: '',
  dose: Number.NaN,
  indicatorOrganism: '',
  indicatorProduct: '',
  indicatorLot: '',
  resultType: 'growth',
  exposed: Number.NaN,
  grew: Number.NaN,
  populationLog: Number.NaN,
  samples: Number.NaN,
  lowestLog: Number.NaN,
  requiredLog: Number.NaN,
  performedBy: '',
  performedOn: '',
  validThrough: '',
  evidence: '',
  note: '',
}

/** The entry as the server takes it; `null` while something needed is missing. The server judges what it says. */
export function validationOf(entry: ValidationEntry, timeZone: string): NewSiteValidation | null {
  const place = placeOf(entry)
  const result = resultOf(entry)
  // It holds from the first to the last moment of those days.
  const performedAt = hospitalTimeToIso(`${entry.performedOn}T00:00`, timeZone)
  const validUntil = hospitalTimeToIso(`${entry.validThrough}T23:59:59`, timeZone)
  const texts = [
    entry.equipment,
    entry.indicatorOrganism,
    entry.indicatorProduct,
    entry.indicatorLot,
    entry.performedBy,
    entry.evidence,
  ]
  if (entry.organismId === null || place === null || result === null) return null
  if (performedAt === null || validUntil === null || texts.some((text) => text.trim() === '')) return null
  if (!(entry.dose > 0 && entry.requiredLog > 0)) return null
  return {
    organismId: entry.organismId,
    method: entry.method,
    place,
    equipment: entry.equipment.trim(),
    robotIds: entry.robotId === null ? [] : [entry.robotId],
    dose: entry.dose,
    indicator: {
      organism: entry.indicatorOrganism.trim(),
      product: entry.indicatorProduct.trim(),
      lot: entry.indicatorLot.trim(),
    },
    result,
    requiredLog: entry.requiredLog,
    performedBy: entry.performedBy.trim(),
    performedAt,
    validUntil,
    evidence: entry.evidence.trim(),
    note: entry.note.trim() === '' ? null : entry.note.trim(),
  }
}

function placeOf({ scope, ward, roomIds }: ValidationEntry): NewSiteValidation['place'] | null {
  switch (scope) {
    case 'site':
      return { scope }
    case 'ward':
      return ward === null ? null : { scope, ward }
    case 'rooms':
      return roomIds.length === 0 ? null : { scope, roomIds: [...roomIds] }
  }
}

function resultOf(entry: ValidationEntry): NewSiteValidation['result'] | null {
  const { resultType, exposed, grew, populationLog, samples, lowestLog } = entry
  if (resultType === 'growth') {
    return exposed >= 1 && grew >= 0 && populationLog > 0
      ? { type: resultType, exposed, grew, populationLog }
      : null
  }
  return samples >= 1 && lowestLog >= 0 ? { type: resultType, samples, lowestLog } : null
}
