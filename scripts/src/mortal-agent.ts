import type { Clock } from '@wardlight/core/clock'
import type { InMemoryRosNetwork, RosGraph } from '@wardlight/core/ros'
import type { RobotAgent, StateFolder } from '@wardlight/robot-agent'
import { createMemoryFolder, mortalClock } from '@wardlight/robot-agent/testing'

/** What one life of a robot's program has for itself: time, hardware and disk end with it. */
export interface AgentLife {
  readonly clock: Clock
  readonly graph: RosGraph
  readonly stateFolder: StateFolder
}

/** A simulated robot's program that can be killed, and comes back on what it left on its disk, which is in memory. */
export interface MortalAgent {
  /** The one that lives. */
  readonly agent: RobotAgent
  /** As `kill -9`: time, hardware and disk are gone before it can say anything; then its socket. The next one is not yet started. */
  kill(): Promise<void>
}

export function createMortalAgent(
  clock: Clock,
  network: InMemoryRosNetwork,
  create: (life: AgentLife) => RobotAgent,
): MortalAgent {
  const begin = (folder: ReturnType<typeof createMemoryFolder>) => {
    const own = mortalClock(clock, 0)
    const graph = network.createNode()
    const agent = create({ clock: own, graph, stateFolder: { folder, clock: own } })
    return { agent, folder, graph, own }
  }
  let life = begin(createMemoryFolder())
  return {
    get agent() {
      return life.agent
    },
    async kill() {
      const { agent, folder, graph, own } = life
      own.kill()
      graph.close()
      folder.cut()
      life = begin(folder.fork())
      await agent.stop()
    },
  }
}
