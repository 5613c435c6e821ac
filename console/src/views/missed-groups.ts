import type { MissedSurface, Surface } from '@wardlight/core/disinfection'

/** Missed pieces that share surface, reason and remedy are one line for people. */
export interface MissedGroup {
  readonly label: string
  readonly reason: MissedSurface['reason']
  readonly explanation: string
  readonly remedy: string | null
  readonly pieces: number
  /** Hands touch it most: what is missed there matters most. */
  readonly isHighTouch: boolean
}

/** What hands touch most comes first, then what is missed most. */
export function groupMissed(
  missed: readonly MissedSurface[],
  highTouchIds: ReadonlySet<string>,
): MissedGroup[] {
  const groups = new Map<string, MissedGroup>()
  for (const { id, label, reason, explanation, remedy } of missed) {
    const isHighTouch = highTouchIds.has(id)
    const key = JSON.stringify([label, reason, explanation, remedy, isHighTouch])
    const known = groups.get(key)
    groups.set(key, { label, reason, explanation, remedy, isHighTouch, pieces: (known?.pieces ?? 0) + 1 })
  }
  return [...groups.values()].toSorted(
    (a, b) => Number(b.isHighTouch) - Number(a.isHighTouch) || b.pieces - a.pieces,
  )
}

export function highTouchIdsOf(surfaces: readonly Surface[]): ReadonlySet<string> {
  return new Set(surfaces.filter(({ isHighTouch }) => isHighTouch).map(({ id }) => id))
}

/** How many of the surfaces that hands touch most are not among the missed ones. */
export function highTouchReached(
  highTouchIds: ReadonlySet<string>,
  missed: readonly MissedSurface[],
): { readonly reached: number; readonly total: number } {
  const lost = new Set(missed.map(({ id }) => id).filter((id) => highTouchIds.has(id)))
  return { reached: highTouchIds.size - lost.size, total: highTouchIds.size }
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
