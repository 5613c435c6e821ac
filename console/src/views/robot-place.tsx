import { useState } from 'react'
import type { RobotView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { Select } from '../ui/select.tsx'
import { useConsole } from './console-context.ts'
import { FailureNotice } from './failure-notice.tsx'
import { useAction } from './use-action.ts'
import { isAtWork } from './roles.ts'

const UNSAID = 'unsaid'

/** For a robot that does not know where it is: somebody sees it, and says in which room. */
export function RobotPlace({ robot }: { readonly robot: RobotView }) {
  const text = useText().robots.place
  const { api, user, floor } = useConsole()
  const action = useAction()
  const [roomId, setRoomId] = useState<string | null>(null)
  const [doorId, setDoorId] = useState(UNSAID)
  const { position, placeSearch, isFixed } = robot
  const level = floor.levels.find(({ id }) => id === position?.levelId)
  const room = level?.rooms.find(({ id }) => id === roomId)
  if (isFixed || !isAtWork(user.role) || level === undefined || !isLost(robot)) return null
  const doors = level.doors.filter(({ id }) => room?.doorIds.includes(id))
  return (
    <section className="stack" aria-label={text.title}>
      <h3>{text.title}</h3>
      {placeSearch?.state === 'failed' && (
        <Notice tone="attention" icon="warning" title={text.failed}>
          <p>{placeSearch.problem}</p>
        </Notice>
      )}
      <Select
        label={text.room}
        placeholder={text.choose}
        value={roomId}
        onChange={(id) => {
          setRoomId(id)
          setDoorId(UNSAID)
        }}
        choices={level.rooms.map(({ id, name }) => ({ id, label: name }))}
      />
      {doors.length > 0 && (
        <Select
          label={text.faces}
          placeholder={text.choose}
          value={doorId}
          onChange={setDoorId}
          choices={[
            { id: UNSAID, label: text.facesUnsaid },
            ...doors.map(({ id, name }) => ({ id, label: name })),
          ]}
        />
      )}
      <Button
        isDisabled={roomId === null || action.isPending || placeSearch?.state === 'searching'}
        onPress={() =>
          action.run(() =>
            api.searchRobotPlace(robot.id, {
              roomId: roomId!,
              ...(doorId === UNSAID ? {} : { facesDoorId: doorId }),
            }),
          )
        }
      >
        {placeSearch?.state === 'searching' ? text.searching : text.search}
      </Button>
      <p className="field-hint">{text.hint}</p>
      <FailureNotice failure={action.failure} />
    </section>
  )
}

function isLost({ position, errors }: RobotView): boolean {
  return position?.isLocalized === false || errors.some(({ type }) => type === 'LOCALIZATION_ERROR')
}
