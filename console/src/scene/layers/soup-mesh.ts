import { BufferAttribute, BufferGeometry, Mesh, type Material } from 'three'
import type { TriangleSoup } from '../floor-geometry.ts'

export function soupGeometry({ positions, normals }: TriangleSoup): BufferGeometry {
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(positions, 3))
  geometry.setAttribute('normal', new BufferAttribute(normals, 3))
  return geometry
}

/** Puts new triangles into a mesh and frees the old ones. */
export function setSoup(mesh: Mesh, soup: TriangleSoup): void {
  mesh.geometry.dispose()
  mesh.geometry = soupGeometry(soup)
}

export function soupMesh(soup: TriangleSoup, material: Material): Mesh {
  return new Mesh(soupGeometry(soup), material)
}
