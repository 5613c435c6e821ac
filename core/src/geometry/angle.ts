/** The same direction in (-π, π]. */
export function normalizeAngle(angleRad: number): number {
  const turned = angleRad - 2 * Math.PI * Math.floor((angleRad + Math.PI) / (2 * Math.PI))
  return turned === -Math.PI ? Math.PI : turned
}
