/**
 * Properties (fast-check) draw the same values in each run, so that a run fails for a change and not by chance.
 * `SEED=7 npx vitest run --update none test/…` draws others.
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env.SEED ?? 1) });
