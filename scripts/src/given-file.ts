import { readFileSync } from 'node:fs'
import { wardError } from '@wardlight/core/errors'

/**
 * The text of a file that the command line names.
 *
 * @param option as it is typed
 * @throws WARD_ERR_OPTION
 */
export function textOfGivenFile(
  file: string,
  option: string,
  remedy = 'Give a file that exists and that this user may read.',
): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw wardError('WARD_ERR_OPTION', {
      what: `${file} cannot be read: ${String(cause)}`,
      where: option,
      remedy,
      cause,
    })
  }
}
