import type { RosGraph } from './graph.ts'

/**
 * The same graph under a robot's own names: who asks for `/scan` gets what the robot calls `/front_lidar/scan`.
 *
 * @param names by Wardlight's name the robot's; a name that is not in there stays as it is
 */
export function renamedGraph(graph: RosGraph, names: ReadonlyMap<string, string>): RosGraph {
  const own = (name: string): string => names.get(name) ?? name
  return {
    createPublisher: (type, topic, qos) => graph.createPublisher(type, own(topic), qos),
    createSubscription: (type, topic, callback, qos) =>
      graph.createSubscription(type, own(topic), callback, qos),
    createService: (type, name, handler) => graph.createService(type, own(name), handler),
    createClient: (type, name) => graph.createClient(type, own(name)),
    createActionServer: (type, name, handlers) => graph.createActionServer(type, own(name), handlers),
    createActionClient: (type, name) => graph.createActionClient(type, own(name)),
    close: () => graph.close(),
  }
}
