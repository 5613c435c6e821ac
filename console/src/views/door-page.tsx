import type { MissionView, RequestView, RobotView, RoomView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import {
  isRunning,
  latestMissionOf,
  openRequestOf,
  robotsIn,
  shownStateOf,
} from '../store/fleet-selectors.ts'
import { isStale } from '../store/fleet-state.ts'
import { formatDateTime } from '../store/hospital-time.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Notice } from '../ui/notice.tsx'
import { useConsole } from './console-context.ts'
import { DoorRequest } from './door-request.tsx'
import { doorStepOf, type DoorStep } from './door-step.ts'
import { FailureNotice } from './failure-notice.tsx'
import { MissionActions } from './mission-panel.tsx'
import { phaseWords } from './phase-words.ts'
import { hrefOf, type Route } from './route.ts'
import { StateChip } from './state-chip.tsx'
import { useAction } from './use-action.ts'
import { useAge, useFleet } from './use-fleet.ts'

/** Where the code on a room's door leads: what is going on behind it, and what is next for whoever stands there. */
export function DoorPage({ roomId }: { readonly roomId: string }) {
  const text = useText()
  const live = useFleet((state) => state.live)
  const room = live?.rooms[roomId]
  return (
    <main id="content" className="report door stack">
      {live === null ? (
        <p>{text.door.loading}</p>
      ) : room === undefined ? (
        <NoSuchDoor roomId={roomId} />
      ) : (
        <Door
          room={room}
          request={openRequestOf(live, roomId)}
          mission={latestMissionOf(live, roomId)}
          robots={live.robots}
        />
      )}
    </main>
  )
}

/** The plan names every room; the live feed only those of one's wards. */
function NoSuchDoor({ roomId }: { readonly roomId: string }) {
  const text = useText()
  const { floor, user } = useConsole()
  const room = floor.levels.flatMap(({ rooms }) => rooms).find(({ id }) => id === roomId)
  const own = user.wards === null || user.wards.length === 0 ? text.door.noWards : user.wards.join(', ')
  return (
    <>
      <h1>{room === undefined ? text.door.unknown : text.door.notYours(room.name)}</h1>
      <p>
        {room === undefined
          ? text.door.unknownHint(roomId)
          : text.door.notYoursHint(room.ward ?? text.door.noWards, own)}
      </p>
      <div className="actions">
        <a className="button" href={hrefOf({ page: 'rooms', levelId: null })}>
          {text.door.toRooms}
        </a>
      </div>
    </>
  )
}

interface DoorProps {
  readonly room: RoomView
  readonly request: RequestView | null
  readonly mission: MissionView | null
  readonly robots: Readonly<Record<string, RobotView>>
}

function Door({ room, request, mission, robots }: DoorProps) {
  const text = useText()
  const { floor, user, serverInfo } = useConsole()
  const age = useAge(room.since)
  const heard = useAge(mission?.updatedAt ?? null)
  const state = useFleet((fleet) => shownStateOf(room, fleet.live?.missions ?? {}))
  const isLineLost = useFleet(({ connection }) => connection !== 'live')
  const step = doorStepOf({ room, request, mission, isStale: isLineLost || isStale(heard), user })
  const running = mission !== null && isRunning(mission) ? mission : null
  const level = floor.levels.find(({ id }) => id === room.levelId)
  const polygon = level?.rooms.find(({ id }) => id === room.id)?.polygon
  const here = polygon === undefined ? [] : robotsIn(robots, room.levelId, polygon)
  const at = (iso: string): string => formatDateTime(iso, serverInfo.timeZone, text.locale)
  return (
    <>
      <header>
        <h1>{room.name}</h1>
        <p className="report-subject">
          {[room.ward, text.rooms.kinds[room.kind] ?? room.kind, level?.name].filter(Boolean).join(' · ')}
        </p>
      </header>
      <div className="state-block">
        <StateChip state={state} />
        {age !== null && <span className="field-hint">{text.time.for(text.time.duration(age / 1000))}</span>}
        {room.reason !== null && <p>{room.reason}</p>}
      </div>
      <section className="card" aria-label={text.door.next}>
        <output className="stack">
          <Notice
            tone={STEP_TONES[step] ?? 'plain'}
            icon={STEP_TONES[step] === undefined ? 'info' : 'warning'}
            title={text.door.steps[step].title}
          >
            <p>{text.door.steps[step].hint}</p>
            {request !== null && (
              <p>
                {text.door.askedBy(request.requestedBy, at(request.requestedAt))}{' '}
                {request.dueAt !== null && `${text.request.due2(at(request.dueAt))}.`}
              </p>
            )}
          </Notice>
        </output>
        {step === 'ask' && <DoorRequest key={room.id} roomId={room.id} />}
        {step === 'confirmEmpty' && request !== null && <ConfirmEmpty requestId={request.id} />}
        <StepLink step={step} room={room} mission={mission} />
      </section>
      {running !== null && (
        <section className="card" aria-label={text.door.under}>
          <h2>{text.door.under}</h2>
          <p>
            {phaseWords(text, running)}.{' '}
            {text.door.withRobot(robots[running.robotId]?.serialNumber ?? running.robotId)}{' '}
            {text.mission.remaining}: {text.time.clock(running.remainingS)}
          </p>
          <MissionActions mission={running} />
        </section>
      )}
      {here.length > 0 && (
        <section className="card" aria-label={text.door.robots}>
          <h2>{text.door.robots}</h2>
          {here.map((robot) => (
            <StopRobot key={robot.id} robot={robot} />
          ))}
        </section>
      )}
      <a className="button" href={hrefOf({ page: 'room', roomId: room.id })}>
        {text.door.openRoom}
      </a>
    </>
  )
}

const STEP_TONES: Readonly<Partial<Record<DoorStep, 'danger' | 'attention'>>> = {
  keepOut: 'danger',
  leaveNow: 'danger',
  arm: 'attention',
  confirmEmpty: 'attention',
  planFailed: 'attention',
}

function StepLink({
  step,
  room,
  mission,
}: { readonly step: DoorStep } & Pick<DoorProps, 'room' | 'mission'>) {
  const text = useText()
  const words = text.door.stepLinks[step]
  if (words === undefined) return null
  const route: Route =
    step === 'release' && mission !== null
      ? { page: 'report', missionId: mission.id }
      : { page: 'room', roomId: room.id }
  return (
    <a className="button button-primary" href={hrefOf(route)}>
      {words}
    </a>
  )
}

function ConfirmEmpty({ requestId }: { readonly requestId: string }) {
  const text = useText()
  const { api } = useConsole()
  const action = useAction()
  return (
    <>
      <FailureNotice failure={action.failure} />
      <Button
        tone="primary"
        isDisabled={action.isPending}
        onPress={() => action.run(() => api.confirmRoomReady(requestId))}
      >
        {text.request.roomReady}
      </Button>
    </>
  )
}

/** Everybody who may sign in may stop a robot that stands before them; the button of the page stops all that move. */
function StopRobot({ robot }: { readonly robot: RobotView }) {
  const text = useText()
  const { api, user } = useConsole()
  const action = useAction()
  const words = text.door.stopRobot(robot.serialNumber)
  return (
    <div className="field">
      {robot.emergencyStop === 'NONE' ? null : (
        <Notice tone="attention" icon="warning">
          <p>{text.emergency.sent(robot.serialNumber)}</p>
        </Notice>
      )}
      {user.role === 'auditor' ? (
        <p>{robot.serialNumber}</p>
      ) : (
        // On the way down: nobody should have to let go first.
        <Button tone="danger" onPressStart={() => action.run(() => api.emergencyStop(robot.id))}>
          <Icon name="stop" />
          {words}
        </Button>
      )}
      {action.failure !== null && (
        <Notice tone="danger" icon="warning" role="alert">
          <p>{text.emergency.failed(robot.serialNumber)}</p>
        </Notice>
      )}
    </div>
  )
}
