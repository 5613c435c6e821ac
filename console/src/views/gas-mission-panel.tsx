import type { GasView, MissionView, StepPlan } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { isStale } from '../store/fleet-state.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Notice } from '../ui/notice.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { GasSensors } from './gas-sensors.tsx'
import { HandMeasurementForm } from './hand-measurement-form.tsx'
import { MissionActions } from './mission-panel.tsx'
import { ArmingPart, BlockerNotice, InterlockPart, StaleNotice } from './mission-parts.tsx'
import { MissionSteps } from './mission-steps.tsx'
import { phaseWords } from './phase-words.ts'
import { hrefOf } from './route.ts'
import { useAction } from './use-action.ts'
import { useRescuedFocus } from './use-rescued-focus.ts'
import { useAge, useFleet } from './use-fleet.ts'

export interface GasMissionPanelProps {
  readonly mission: MissionView
  readonly gas: GasView
  /** `null` until it has come. */
  readonly plan: Extract<StepPlan, { cycle: unknown }> | null
}

/** The air is being changed: only readings lead on. */
const CLEARING: readonly MissionView['phase'][] = ['aerating', 'verifying']

/** A cycle as it runs, with everything that a person may do about it. */
export function GasMissionPanel({ mission, gas, plan }: GasMissionPanelProps) {
  const text = useText()
  const { serverInfo } = useConsole()
  const robot = useFleet((state) => state.live?.robots[mission.robotId])
  const age = useAge(mission.updatedAt)
  const stale = isStale(age)
  const phase = useRescuedFocus<HTMLParagraphElement>()
  const isClearing = CLEARING.includes(mission.phase)
  return (
    <section className="stack" aria-label={text.mission.title}>
      <output className="phase-line">
        <p className="phase" ref={phase} tabIndex={-1}>
          {phaseWords(text, mission)}
        </p>
        {mission.stepCount > 1 && (
          <p>
            {text.request.stepOf(mission.stepNumber + 1, mission.stepCount, text.methods[mission.method])}
          </p>
        )}
      </output>
      {gas.mustEvacuate ? (
        <Notice tone="danger" icon="warning" title={text.gas.leaveAtOnce}>
          <p>{text.gas.evacuateHint}</p>
        </Notice>
      ) : (
        gas.isGassed && (
          <Notice tone="danger" icon="warning" title={text.gas.keepOut}>
            <p>{text.gas.keepOutHint}</p>
          </Notice>
        )
      )}
      {stale && <StaleNotice ageMs={age} />}
      <div className={`stack${stale ? ' stale' : ''}`}>
        <MissionSteps mission={mission} />
        <p className={`lamp-line${gas.isGeneratorOn && !stale ? ' lamp-line-lit' : ''}`}>
          <Icon name={gas.isGassed ? 'warning' : 'info'} />
          {stale
            ? text.gas.generatorUnknown
            : gas.isGeneratorOn
              ? text.gas.generatorOn
              : gas.isGassed
                ? text.gas.gasStands
                : text.gas.noGas}
        </p>
        <dl className="figures">
          {mission.countdownS !== null && (
            <div>
              <dt>{mission.phase === 'exitDelay' ? text.gas.leaveWithin : text.mission.countdown}</dt>
              <dd>
                <strong>{text.time.clock(mission.countdownS)}</strong>
              </dd>
            </div>
          )}
          <div>
            <dt>{text.gas.enterAgain}</dt>
            <dd>
              <strong>{text.gas.about(text.time.duration(mission.remainingS))}</strong>
              <span className="field-hint">{text.gas.onlySensors}</span>
            </dd>
          </div>
          <div>
            <dt>{text.gas.broughtIn}</dt>
            <dd>
              <strong>{text.gas.gramsOf(gas.injectedG, gas.plannedG)}</strong>
            </dd>
          </div>
          {gas.dwellS > 0 && (
            <div>
              <dt>{text.gas.atTarget(text.gas.ppm(gas.targetPpm))}</dt>
              <dd>
                <strong>
                  {text.gas.timeOf(text.time.duration(gas.dwellS), text.time.duration(gas.plannedDwellS))}
                </strong>
              </dd>
            </div>
          )}
        </dl>
        <h3>{text.gas.sensors}</h3>
        <GasSensors sensors={gas.sensors} />
      </div>
      {!isClearing && <MissionActions mission={mission} />}
      {serverInfo.isSimulated && gas.isGassed && <SimulatedTime />}
      <BlockerNotice
        title={isClearing ? text.gas.clearanceBlockers : text.gas.armingBlockers}
        blockers={mission.blockers}
      />
      <ArmingPart mission={mission} />
      {gas.isGassed && (isClearing || stale) && <HandMeasurementForm missionId={mission.id} />}
      <InterlockPart mission={mission} />
      <dl className="facts">
        <dt>{text.mission.robot}</dt>
        <dd>
          <a href={hrefOf({ page: 'robot', robotId: mission.robotId })}>
            {robot?.serialNumber ?? mission.robotId}
          </a>
        </dd>
        {plan !== null && (
          <>
            <dt>{text.gas.solution}</dt>
            <dd>{text.gas.ml(Math.ceil(plan.cycle.solutionMl))}</dd>
          </>
        )}
      </dl>
    </section>
  )
}

/** Simulated seconds in a real one. */
const SPEEDS = [1, 20, 200] as const

/** A cycle takes hours: whoever tries it out in the simulation may let them pass. */
function SimulatedTime() {
  const text = useText()
  const { api, user } = useConsole()
  const action = useAction()
  if (user.role === 'auditor') return null
  return (
    <div className="field">
      <p className="field-hint">{text.gas.simulatedTime}</p>
      <div className="actions">
        {SPEEDS.map((factor) => (
          <Button
            key={factor}
            isDisabled={action.isPending}
            onPress={() => action.run(() => api.setSimulationSpeed(factor))}
          >
            {text.gas.speed(factor)}
          </Button>
        ))}
      </div>
      <FailureNotice failure={action.failure} />
    </div>
  )
}
