import type {
  RosActions,
  RosActionType,
  RosMessages,
  RosMessageType,
  RosServices,
  RosServiceType,
} from './messages.ts'

/** Quality of service, as far as Wardlight distinguishes it. */
export type QosProfile =
  /** Reliable, volatile, keep last 10: the default. */
  | 'default'
  /** Best effort, volatile, keep last 5: `rmw_qos_profile_sensor_data`. */
  | 'sensorData'
  /** Reliable, transient local, keep last 1: late subscribers get the last message (`/map`, `/tf_static`). */
  | 'latched'

export interface Publisher<Message> {
  publish(message: Message): void
}

export interface Disposable {
  /** Stops callbacks at once; calling it again does nothing. */
  dispose(): void
}

export interface ServiceClient<Request, Response> {
  /** Rejects with `WARD_ERR_ROS` when no server answers. */
  call(request: Request): Promise<Response>
}

/** Terminal states of `action_msgs/msg/GoalStatus`; judge by them, not by an error code (Nav2 aborts with code 0). */
export type GoalStatus = 'succeeded' | 'canceled' | 'aborted' | 'rejected' | 'unavailable'

export interface GoalCallbacks<Feedback, Result> {
  readonly onFeedback?: (feedback: Feedback) => void
  /** Called exactly once. `result` is `null` when the goal was rejected or there is no server. */
  readonly onResult: (status: GoalStatus, result: Result | null) => void
}

export interface GoalHandle {
  /** Asks the server to cancel; the end comes through `onResult`. */
  cancel(): void
}

export interface ActionClient<Goal, Feedback, Result> {
  sendGoal(goal: Goal, callbacks: GoalCallbacks<Feedback, Result>): GoalHandle
}

export interface ServerGoal<Feedback, Result> {
  readonly isCancelRequested: boolean
  publishFeedback(feedback: Feedback): void
  /** The first of the three ends the goal; later calls do nothing. */
  succeed(result: Result): void
  abort(result: Result): void
  canceled(result: Result): void
}

export interface ActionHandlers<Goal, Feedback, Result> {
  /** `false` rejects the goal. */
  readonly accept?: (goal: Goal) => boolean
  readonly execute: (goal: Goal, handle: ServerGoal<Feedback, Result>) => void
  readonly onCancelRequest?: (handle: ServerGoal<Feedback, Result>) => void
}

/**
 * One node's view of a ROS graph. Three worlds implement it: rclnodejs, memory, a recording.
 *
 * Callbacks never throw into the graph: an error in one is handed to the graph's `onError` and
 * the others still run (in rclnodejs a throw in a callback would abort the process).
 * Names are absolute (`/scan`).
 */
export interface RosGraph {
  createPublisher<Type extends RosMessageType>(
    type: Type,
    topic: string,
    qos?: QosProfile,
  ): Publisher<RosMessages[Type]>
  createSubscription<Type extends RosMessageType>(
    type: Type,
    topic: string,
    callback: (message: RosMessages[Type]) => void,
    qos?: QosProfile,
  ): Disposable
  createService<Type extends RosServiceType>(
    type: Type,
    name: string,
    handler: (request: RosServices[Type]['request']) => RosServices[Type]['response'],
  ): Disposable
  createClient<Type extends RosServiceType>(
    type: Type,
    name: string,
  ): ServiceClient<RosServices[Type]['request'], RosServices[Type]['response']>
  createActionServer<Type extends RosActionType>(
    type: Type,
    name: string,
    handlers: ActionHandlers<
      RosActions[Type]['goal'],
      RosActions[Type]['feedback'],
      RosActions[Type]['result']
    >,
  ): Disposable
  createActionClient<Type extends RosActionType>(
    type: Type,
    name: string,
  ): ActionClient<RosActions[Type]['goal'], RosActions[Type]['feedback'], RosActions[Type]['result']>
  /** Drops every publisher, subscription, service and action of this node. */
  close(): void
}
