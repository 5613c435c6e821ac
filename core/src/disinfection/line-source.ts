/** 1 W/m² in µW/cm². */
export const MICROWATTS_PER_CM2 = 100

/**
 * Irradiance that a piece of a vertical Lambertian line source (Keitz) gives on a small surface, as a
 * fraction of the source's radiant power per metre:
 *
 *     dE = P / (π² L) · cos θs · cos θr / r² dh,   cos θs = d / r,   cos θr = (a d + c h) / r,   r² = d² + h²
 *
 * where `h` is the height of the source's point above the surface, `d` the horizontal distance to its
 * axis, `a` the surface normal's component towards the axis and `c` its vertical component. The
 * antiderivative is elementary; this is its difference between `h1` and `h2`, divided by π²:
 *
 *     F(h) = a/2 · (h / r² + atan(h / d) / d) − c d / (2 r²)
 *
 * With `a = 1`, `c = 0` and the source centred it is Keitz's (2α + sin 2α) / (2π² d).
 *
 * The caller keeps to the part that lies in front of the surface (see `facingInterval`).
 *
 * @param d metres, above 0
 * @returns 1/m²·m: multiply by P/L in W/m for W/m²
 */
export function lineSourceFactor(d: number, a: number, c: number, h1: number, h2: number): number {
  const squared = d * d
  const r1 = 1 / (squared + h1 * h1)
  const r2 = 1 / (squared + h2 * h2)
  // atan(h2/d) − atan(h1/d) in one call: it lies in [0, π), where atan2 is exact.
  const angle = Math.atan2(d * (h2 - h1), squared + h1 * h2)
  return (a * (h2 * r2 - h1 * r1 + angle / d) + c * d * (r1 - r2)) / (2 * Math.PI * Math.PI)
}
