import type { MissionView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { Notice } from '../ui/notice.tsx'
import { Arming } from './arming.tsx'
import { useConsole } from './console-context.ts'
import { Interlocks } from './interlocks.tsx'

/* What the panels of light and of gas have in common. */

/** Only now may people do something about it; later they wait. */
const ARMABLE: readonly MissionView['phase'][] = ['awaitingArming', 'interrupted']

/** @param ageMs of what is shown; `null`: nothing was heard yet */
export function StaleNotice({ ageMs }: { readonly ageMs: number | null }) {
  const text = useText()
  return (
    <Notice tone="attention" icon="clock">
      {ageMs === null ? text.connection.neverHeard : text.connection.stale(text.time.duration(ageMs / 1000))}
    </Notice>
  )
}

export function BlockerNotice({
  title,
  blockers,
}: {
  readonly title: string
  readonly blockers: MissionView['blockers']
}) {
  if (blockers.length === 0) return null
  return (
    <Notice tone="attention" icon="warning" title={title}>
      <ul className="plain-list">
        {blockers.map((blocker) => (
          <li key={blocker}>{blocker}</li>
        ))}
      </ul>
    </Notice>
  )
}

/** The steps of arming, where the mission waits for them and the user may take them. */
export function ArmingPart({ mission }: { readonly mission: MissionView }) {
  const text = useText()
  const { user } = useConsole()
  if (!ARMABLE.includes(mission.phase)) return null
  return user.role === 'nurse' ? (
    <Arming key={mission.arming} mission={mission} />
  ) : (
    <p className="field-hint">{text.mission.nurseOnly}</p>
  )
}

export function InterlockPart({ mission }: { readonly mission: MissionView }) {
  const text = useText()
  if (mission.interlocks.length === 0) return null
  return (
    <section className="stack">
      <h3>{text.mission.interlocks}</h3>
      <Interlocks events={mission.interlocks} />
    </section>
  )
}
