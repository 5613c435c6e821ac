import fc from 'fast-check'

/**
 * The same examples on every run, so that a change is what makes a test fail. To look for new counterexamples:
 * PROPERTY_SEED=$RANDOM npm test -- FILE
 */
fc.configureGlobal({ seed: Number(process.env['PROPERTY_SEED'] ?? 20_261_121) })
