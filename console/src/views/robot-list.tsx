import { ListBox, ListBoxItem } from 'react-aria-components/ListBox'
import { useText } from '../i18n/use-text.ts'
import { sortedRobots } from '../store/fleet-selectors.ts'
import { ageMs, isStale } from '../store/fleet-state.ts'
import { Icon } from '../ui/icon.tsx'
import { useConsole } from './console-context.ts'
import { powerWords } from './robot-power.ts'
import { robotStatus, statusIcon, statusTone } from './robot-status.ts'
import { useFleet, useNow } from './use-fleet.ts'

export interface RobotListProps {
  readonly selectedRobotId: string | null
  readonly onSelect: (robotId: string) => void
}

const NO_ROBOTS = {}

export function RobotList({ selectedRobotId, onSelect }: RobotListProps) {
  const text = useText()
  const { store, clock, floor } = useConsole()
  const robots = useFleet((state) => state.live?.robots ?? NO_ROBOTS)
  const now = useNow()
  const rows = sortedRobots(robots).map((robot) => {
    const age = ageMs(store.get(), clock.monotonicMs(), robot.updatedAt)
    const status = robotStatus(robot, isStale(age))
    const level = floor.levels.find((candidate) => candidate.id === robot.position?.levelId)
    return { id: robot.id, robot, age, status, place: level?.name ?? text.unknown }
  })
  return (
    <section className="list-pane" aria-label={text.robots.title}>
      <ListBox
        aria-label={text.robots.list}
        className="list"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={selectedRobotId === null ? [] : [selectedRobotId]}
        onSelectionChange={(keys) => {
          const [key] = keys
          if (key !== undefined) onSelect(String(key))
        }}
        items={rows}
        dependencies={[now, robots, text]}
        renderEmptyState={() => (
          <div className="list-empty">
            <p>{text.robots.empty}</p>
            <p className="field-hint">{text.robots.emptyHint}</p>
          </div>
        )}
      >
        {({ robot, age, status, place }) => (
          <ListBoxItem
            id={robot.id}
            textValue={robot.serialNumber}
            aria-label={[
              robot.serialNumber,
              text.robots.states[status],
              robot.batteryFraction === null
                ? ''
                : `${robot.isFixed ? text.robots.power : text.robots.battery} ${powerWords(text, robot)}`,
              robot.isFixed ? text.robots.fixedHere(place) : place,
            ]
              .filter(Boolean)
              .join(', ')}
            className={`row${isStale(age) ? ' row-stale' : ''}`}
          >
            <span
              className="row-swatch"
              style={{ background: isStale(age) ? 'var(--scene-robot-stale)' : 'var(--scene-robot)' }}
            />
            <span className="row-title">{robot.serialNumber}</span>
            <span className="chip" style={{ '--tone': statusTone(status) } as React.CSSProperties}>
              <Icon name={statusIcon(status, robot.isFixed)} />
              {text.robots.states[status]}
            </span>
            <span className="row-note">
              {isStale(age)
                ? age === null
                  ? text.connection.neverHeard
                  : text.connection.stale(text.time.duration(age / 1000))
                : robot.isFixed
                  ? text.robots.fixedHere(place)
                  : place}
            </span>
            <span className="row-note row-end">{powerWords(text, robot)}</span>
          </ListBoxItem>
        )}
      </ListBox>
    </section>
  )
}
