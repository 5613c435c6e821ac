/**
 * Solid angle of a rectangle seen from a point, steradians: exact, by its corners
 * (Khadjavi, J. Opt. Soc. Am. 58, 1417 (1968)):
 *
 *     Ω = F(x2, y2) − F(x1, y2) − F(x2, y1) + F(x1, y1),   F(x, y) = atan(x y / (d √(d² + x² + y²)))
 *
 * @param d distance of the point from the rectangle's plane, above 0, metres
 * @param x1 the rectangle's sides, as seen from the foot of the perpendicular, x1 ≤ x2 and y1 ≤ y2, metres
 */
export function rectangleSolidAngle(d: number, x1: number, x2: number, y1: number, y2: number): number {
  return cornerAngle(d, x2, y2) - cornerAngle(d, x1, y2) - cornerAngle(d, x2, y1) + cornerAngle(d, x1, y1)
}

function cornerAngle(d: number, x: number, y: number): number {
  return Math.atan((x * y) / (d * Math.sqrt(d * d + x * x + y * y)))
}
