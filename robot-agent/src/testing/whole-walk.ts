import { exploreByReplay } from './explore.ts'
import { Whole, type Flaws } from './whole-robot.ts'

/** Something that may happen to a whole robot. @returns whether it can now; then it has */
export type Act = (whole: Whole) => boolean

/** What drives, surveys and faults that go away may do, in every walk of a whole robot. */
export const HARDWARE_EVENTS: Readonly<Record<string, Act>> = {
  'all is well': (whole) => {
    if (whole.fault === null) return false
    whole.fault = null
    whole.speak()
    return true
  },
  'the drive ends': (whole) => {
    if (whole.drive === null) return false
    whole.arrive('arrived')
    whole.speak()
    return true
  },
  'the drive fails': (whole) => {
    if (whole.drive === null) return false
    whole.arrive('failed')
    return true
  },
  'the survey ends': ({ watch }) => {
    if (watch.mode !== 'survey') return false
    watch.off()
    watch.surveyed({
      things: [],
      missingFurniture: [],
      doorsSeenThrough: [],
      knowledge: { maps: [], missingIds: new Set(), laserHeightM: 0.2 },
    })
    return true
  },
}

/** Walks a whole robot through these events, each in every state. @param names of the events that happen */
export function walkWhole(options: {
  readonly flaws: Flaws
  readonly judge: (whole: Whole) => void
  readonly events: Readonly<Record<string, Act>>
  readonly names: readonly string[]
  readonly keyOf: (whole: Whole) => string
}) {
  const { flaws, judge, events, names, keyOf } = options
  return exploreByReplay<Whole, string>({
    create: () => new Whole(flaws, judge),
    dispose: (whole) => whole.stop(),
    events: names,
    act: (whole, name) => {
      const hasHappened = events[name]!(whole)
      if (hasHappened) judge(whole)
      return hasHappened
    },
    keyOf,
    nameOf: (name) => name,
  })
}
