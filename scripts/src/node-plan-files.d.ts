import type { PlanFiles } from '@wardlight/core/floor'
/** Floor plan files from this machine's file system. */
export declare const nodePlanFiles: PlanFiles
//# sourceMappingURL=node-plan-files.d.ts.map
