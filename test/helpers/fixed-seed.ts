import fc from 'fast-check';

// Mutants are compared with each other: all of them see the same random cases, and few, since there are thousands.
fc.configureGlobal({ seed: 744, numRuns: 12 });
