export { createDoseScene, type DoseScene, type DoseSceneOptions } from './dose-scene.ts'
export {
  createFloorScene,
  type FloorScene,
  type FloorSceneOptions,
  type NamedRobotMark,
  type Pick,
  type RoomMark,
} from './floor-scene.ts'
export { isWebGlAvailable, type Viewpoint } from './stage.ts'
export type { DoseMap } from './layers/dose-layer.ts'
