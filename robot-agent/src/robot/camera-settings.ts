/** A detector behind a camera, as the robot's YAML has it. */
export interface CameraSettings {
  /**
   * Topic of `vision_msgs/msg/Detection2DArray`: one message a picture, at 5 Hz or more, an empty one where nothing is
   * seen. A detector that speaks only when it sees something is silent, and so occupied.
   */
  readonly topic: string
  /** `class_id` of a person, as the detector's model has it. */
  readonly personClass: string
  /** Detections below it are none, 0 to 1. */
  readonly minScore: number
}

/** Where the YAML does not say. COCO's models call it so; a low score is somebody, when in doubt [proposed]. */
export const USUAL_CAMERA = { personClass: 'person', minScore: 0.3 } as const
