import type { MissionView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { isStale } from '../store/fleet-state.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { formatLog } from './figures.ts'
import { ArmingPart, BlockerNotice, InterlockPart, StaleNotice } from './mission-parts.tsx'
import { MissionSteps } from './mission-steps.tsx'
import { phaseWords } from './phase-words.ts'
import { hrefOf } from './route.ts'
import { useAction } from './use-action.ts'
import { useRescuedFocus } from './use-rescued-focus.ts'
import { useAge, useFleet } from './use-fleet.ts'
import { isAtWork } from './roles.ts'

export interface MissionPanelProps {
  readonly mission: MissionView
  readonly targetMjPerCm2: number | null
  /** Whether the map can show the dose: the room as found is the room as planned. */
  readonly isDoseMapShown: boolean
}

/** A treatment as it runs, with everything that a person may do about it. */
export function MissionPanel({ mission, targetMjPerCm2, isDoseMapShown }: MissionPanelProps) {
  const text = useText()
  const { organisms } = useConsole()
  const robot = useFleet((state) => state.live?.robots[mission.robotId])
  const age = useAge(mission.updatedAt)
  const isFinished = mission.phase === 'finished'
  const stale = !isFinished && isStale(age)
  const latest = mission.interlocks.at(-1)
  const phase = useRescuedFocus<HTMLParagraphElement>()
  const organism = organisms.find((item) => item.id === mission.organismId)
  return (
    <section className="stack" aria-label={text.mission.title}>
      <output className="phase-line">
        <p className="phase" ref={phase} tabIndex={-1}>
          {phaseWords(text, mission)}
        </p>
        {mission.phase === 'interrupted' && latest !== undefined && (
          <p>
            {text.report.interlockKinds[latest.kind] ?? latest.kind}: {latest.detail}
          </p>
        )}
        {mission.verdict !== null && (
          <p>{text.mission.finishedWith(text.report.verdicts[mission.verdict])}</p>
        )}
      </output>
      {stale && <StaleNotice ageMs={age} />}
      <div className={`stack${stale ? ' stale' : ''}`}>
        <MissionSteps mission={mission} />
        {!isFinished && <LiveFigures mission={mission} isStale={stale} />}
        {mission.deliveredMjPerCm2.length > 0 && targetMjPerCm2 !== null && (
          <DoseProgress mission={mission} targetMjPerCm2={targetMjPerCm2} isDoseMapShown={isDoseMapShown} />
        )}
      </div>
      {!isFinished && <MissionActions mission={mission} />}
      {isFinished && (
        <a className="button button-primary" href={hrefOf({ page: 'report', missionId: mission.id })}>
          {text.mission.openReport}
        </a>
      )}
      {!isFinished && <BlockerNotice title={text.mission.blockers} blockers={mission.blockers} />}
      <ArmingPart mission={mission} />
      <InterlockPart mission={mission} />
      <dl className="facts">
        <dt>{text.mission.robot}</dt>
        <dd>
          <a href={hrefOf({ page: 'robot', robotId: mission.robotId })}>
            {robot?.serialNumber ?? mission.robotId}
          </a>
        </dd>
        <dt>{text.request.organism}</dt>
        <dd>
          {organism?.name ?? mission.organismId},{' '}
          {text.dose.log(formatLog(mission.targetLog ?? 0, text.locale))}
        </dd>
      </dl>
    </section>
  )
}

function LiveFigures({
  mission,
  isStale: stale,
}: {
  readonly mission: MissionView
  readonly isStale: boolean
}) {
  const text = useText()
  const isLit = mission.isLampLit && !stale
  return (
    <>
      <p className={`lamp-line${isLit ? ' lamp-line-lit' : ''}`}>
        <Icon name="lamp" />
        {stale ? text.mission.lampUnknown : isLit ? text.mission.lampLit : text.mission.lampDark}
      </p>
      <dl className="figures">
        {mission.countdownS !== null && (
          <div>
            <dt>{text.mission.countdown}</dt>
            <dd>
              <strong>{text.time.clock(mission.countdownS)}</strong>
            </dd>
          </div>
        )}
        <div>
          <dt>{text.mission.remaining}</dt>
          <dd>
            <strong>{text.time.clock(mission.remainingS)}</strong>
          </dd>
        </div>
        {mission.stops.length > 0 && (
          <div>
            <dt>{text.request.stopsLabel}</dt>
            <dd>
              <strong>
                {text.mission.stopOf(
                  Math.min(mission.stopIndex + 1, mission.stops.length),
                  mission.stops.length,
                )}
              </strong>
            </dd>
          </div>
        )}
      </dl>
    </>
  )
}

function DoseProgress({
  mission,
  targetMjPerCm2,
  isDoseMapShown,
}: {
  readonly mission: MissionView
  readonly targetMjPerCm2: number
  readonly isDoseMapShown: boolean
}) {
  const text = useText()
  const total = mission.deliveredMjPerCm2.length
  const reached = mission.deliveredMjPerCm2.filter((dose) => dose >= targetMjPerCm2).length
  return (
    <div className="field">
      <p className="split">
        <span>{text.mission.doseSoFar}</span>
        <strong>{text.request.share(reached, total)}</strong>
      </p>
      <div className="bar" aria-hidden="true">
        <span style={{ width: `${(100 * reached) / Math.max(1, total)}%` }} />
      </div>
      {!isDoseMapShown && mission.phase !== 'finished' && (
        <p className="field-hint">{text.mission.doseMapDiffers}</p>
      )}
    </div>
  )
}

export function MissionActions({ mission }: { readonly mission: MissionView }) {
  const text = useText()
  const robot = useFleet((state) => state.live?.robots[mission.robotId])
  const { api, user } = useConsole()
  const action = useAction()
  if (!isAtWork(user.role)) return null
  const isInterrupted = mission.phase === 'interrupted'
  // A pause ends the gas for good: there is nothing to go on with. Stop says it plainly.
  const mayPause = mission.gas?.isGassed !== true
  // What gas waits for are sensors and dampers, which no resuming brings.
  const isHeld = mission.gas === null && mission.blockers.length > 0 && mission.phase !== 'dosing'
  const mayResume = (mayPause && isInterrupted) || robot?.isPaused === true || isHeld
  return (
    <div className="field">
      <div className="actions">
        {mayResume && user.role === 'nurse' && (
          <Button isDisabled={action.isPending} onPress={() => action.run(() => api.resume(mission.id))}>
            {text.mission.resume}
          </Button>
        )}
        {mayPause && (
          <Button
            isDisabled={action.isPending || isInterrupted}
            onPress={() => action.run(() => api.pause(mission.id))}
          >
            {text.mission.pause}
          </Button>
        )}
        <Button isDisabled={action.isPending} onPress={() => action.run(() => api.stop(mission.id))}>
          {text.mission.stop}
        </Button>
      </div>
      <p className="field-hint">{mission.gas === null ? text.mission.stopNote : text.gas.stopNote}</p>
      <FailureNotice failure={action.failure} />
    </div>
  )
}
