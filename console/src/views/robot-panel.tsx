import type { RobotView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { isStale } from '../store/fleet-state.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Notice } from '../ui/notice.tsx'
import { useConsole } from './console-context.ts'
import { formatMetres } from './figures.ts'
import { FailureNotice } from './failure-notice.tsx'
import { Panel } from './panel.tsx'
import { robotStatus, statusIcon, statusTone } from './robot-status.ts'
import { RobotCarries } from './robot-carries.tsx'
import { powerWords } from './robot-power.ts'
import { RobotPlace } from './robot-place.tsx'
import { RobotServiceSection } from './robot-service.tsx'
import { hrefOf } from './route.ts'
import { useAction } from './use-action.ts'
import { useAge, useFleet } from './use-fleet.ts'

export function RobotPanel({ robotId, onClose }: { readonly robotId: string; readonly onClose: () => void }) {
  const text = useText()
  const { floor } = useConsole()
  const robot = useFleet((state) => state.live?.robots[robotId])
  const age = useAge(robot?.updatedAt ?? null)
  if (robot === undefined) {
    return (
      <Panel
        title={robotId}
        label={text.robots.panel(robotId)}
        closeLabel={text.robots.close}
        onClose={onClose}
      >
        <p>{text.robots.empty}</p>
      </Panel>
    )
  }
  const stale = isStale(age)
  const status = robotStatus(robot, stale)
  const { position } = robot
  const oldest = robot.lampTubes.toSorted((a, b) => b.hours - a.hours)[0]
  const level = floor.levels.find((candidate) => candidate.id === position?.levelId)
  return (
    <Panel
      title={robot.serialNumber}
      label={text.robots.panel(robot.serialNumber)}
      closeLabel={text.robots.close}
      onClose={onClose}
      subtitle={
        <span className="chip" style={{ '--tone': statusTone(status) } as React.CSSProperties}>
          <Icon name={statusIcon(status, robot.isFixed)} />
          {text.robots.states[status]}
        </span>
      }
    >
      <dl className={`facts${stale ? ' stale' : ''}`}>
        <dt>{text.robots.lastHeard}</dt>
        <dd>
          {age === null
            ? text.connection.neverHeard
            : stale
              ? text.time.ago(text.time.duration(age / 1000))
              : text.robots.justNow}
        </dd>
        {robot.isFixed && (
          <>
            <dt>{text.robots.kind}</dt>
            <dd>{text.robots.fixed}</dd>
          </>
        )}
        <dt>{robot.isFixed ? text.robots.power : text.robots.battery}</dt>
        <dd>{powerWords(text, robot) ?? text.unknown}</dd>
        {robot.batteryHealth !== null && (
          <>
            <dt>{text.robots.batteryHealth}</dt>
            <dd>{text.robots.batteryHealthText(robot.batteryHealth)}</dd>
          </>
        )}
        {robot.drivenM !== null && (
          <>
            <dt>{text.robots.driven}</dt>
            <dd>{text.robots.drivenText(robot.drivenM)}</dd>
          </>
        )}
        <dt>{text.robots.position}</dt>
        <dd>
          {position === null
            ? text.unknown
            : position.isLocalized
              ? text.robots.positionText(
                  level?.name ?? position.levelId,
                  formatMetres(position.x, text.locale),
                  formatMetres(position.y, text.locale),
                )
              : text.robots.notLocalized}
        </dd>
        <dt>{text.robots.mode}</dt>
        <dd>{robot.operatingMode ?? text.unknown}</dd>
        {oldest !== undefined && (
          <>
            <dt>{text.robots.lampHours}</dt>
            <dd>{text.robots.lampHoursText(oldest.hours, oldest.ratedLifeHours)}</dd>
          </>
        )}
        {robot.vaporiser !== null && (
          <>
            <dt>{text.robots.vaporiser}</dt>
            <dd>{text.methods[robot.vaporiser]}</dd>
          </>
        )}
      </dl>
      {robot.missionId !== null && (
        <a className="button" href={hrefOf({ page: 'mission', missionId: robot.missionId })}>
          {text.rooms.openMission}
        </a>
      )}
      {robot.screenUrl !== null && (
        <a className="button" href={robot.screenUrl} target="_blank" rel="noopener noreferrer">
          {text.robots.screen}
        </a>
      )}
      <ResumeRobot robot={robot} />
      <RobotPlace key={`place ${robot.id}`} robot={robot} />
      <RobotServiceSection robot={robot} />
      {!robot.isFixed && <RobotCarries key={robot.id} robotId={robot.id} />}
      {robot.errors.length > 0 && (
        <section className="stack">
          <h3>{text.robots.faults}</h3>
          {robot.errors.map((error) => (
            <Notice
              key={`${error.type} ${error.description}`}
              tone="attention"
              icon="warning"
              title={error.type}
            >
              <p>{error.description}</p>
            </Notice>
          ))}
        </section>
      )}
      <p className="field-hint">{text.robots.lidar}</p>
    </Panel>
  )
}

/** For a pause or a stop that outlived its treatment: else the robot would stand there for ever. */
function ResumeRobot({ robot }: { readonly robot: RobotView }) {
  const text = useText()
  const { api, user } = useConsole()
  const action = useAction()
  const isHeld = robot.isPaused || robot.emergencyStop === 'REMOTE'
  if (!isHeld || (user.role !== 'nurse' && user.role !== 'engineer')) return null
  return (
    <div className="field">
      <Button isDisabled={action.isPending} onPress={() => action.run(() => api.resumeRobot(robot.id))}>
        {text.robots.resume}
      </Button>
      <p className="field-hint">{text.robots.resumeNote}</p>
      <FailureNotice failure={action.failure} />
    </div>
  )
}
