import type { MissedSurface, Surface } from '@wardlight/core/disinfection'

/** Missed pieces that share surface, reason and remedy are one line for people. */
export interface MissedGroup {
  readonly label: string
  readonly reason: MissedSurface['reason']
  readonly explanation: string
  readonly remedy: string | null
  readonly pieces: number
}

export function groupMissed(missed: readonly MissedSurface[]): MissedGroup[] {
  const groups = new Map<string, MissedGroup>()
  for (const { label, reason, explanation, remedy } of missed) {
    const key = JSON.stringify([label, reason, explanation, remedy])
    const known = groups.get(key)
    groups.set(key, { label, reason, explanation, remedy, pieces: (known?.pieces ?? 0) + 1 })
  }
  return [...groups.values()].toSorted((a, b) => b.pieces - a.pieces)
}

/** The dose of one face or piece of furniture in words: the twin of the dose map. */
export interface FaceDose {
  readonly label: string
  readonly lowestMjPerCm2: number
  readonly reached: number
  readonly total: number
}

export function doseByFace(
  surfaces: readonly Surface[],
  dosesMjPerCm2: readonly number[],
  targetMjPerCm2: number,
): FaceDose[] {
  const faces = new Map<string, FaceDose>()
  for (const [index, surface] of surfaces.entries()) {
    const dose = dosesMjPerCm2[index] ?? 0
    const known = faces.get(surface.label)
    faces.set(surface.label, {
      label: surface.label,
      lowestMjPerCm2: Math.min(known?.lowestMjPerCm2 ?? Infinity, dose),
      reached: (known?.reached ?? 0) + (dose >= targetMjPerCm2 ? 1 : 0),
      total: (known?.total ?? 0) + 1,
    })
  }
  return [...faces.values()]
}
