import { RobotScreen, type RobotScreenSettings } from '../screen/robot-screen.ts'
import { mayAnnounce } from '../screen/screen-view.ts'
import { SILENT_LOG, type createBench } from './robot-bench.ts'

/** The screen of a bench's robot. It is served once somebody starts it. */
export function benchScreen(
  bench: ReturnType<typeof createBench>,
  settings: Partial<RobotScreenSettings> = {},
): RobotScreen {
  const screen = new RobotScreen({
    settings: { host: '127.0.0.1', port: 0, armButton: false, ...settings },
    robotName: 'uv-01',
    clock: bench.clock,
    screenClock: bench.clock,
    orders: bench.orders,
    supervisor: bench.supervisor,
    announcements: () => bench.announcer.texts,
    log: SILENT_LOG,
    onStopped: () => {},
  })
  bench.announceOn(() => mayAnnounce(screen.view().mode))
  return screen
}
