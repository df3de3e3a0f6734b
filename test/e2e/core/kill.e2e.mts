/**
 * n8n is killed at bad moments: right after a look that has found something, where it has saved the place in
 * the log and has not yet begun the run. Whatever the moment, nothing may be lost.
 *
 * KILLS=60 SEED=7 npm run test:e2e -- --project newest kill
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';

import { eventually, until } from '../../../tools/n8n/session.mts';
import { Rng } from '../../random/rng.mts';
import { sceneOfFile } from '../scene.mts';
import { TriggerWorkflow } from '../triggerWorkflow.mts';

const { KILLS = '3', SEED = '1' } = process.env;
const kills = Number(KILLS);

/** After the answer to a look, when the place is saved and the run begins. */
const BAD_MOMENT_MS = 700;

/** From the start of n8n: before, in and after its looks. */
const ANY_MOMENT_MS = 30_000;

const EVENTS_PER_KILL = 4;

/** A slow machine takes its time for each start. */
const TIMEOUT_MS = 240_000 + kills * 90_000;

// Where n8n publishes by its outbox, it activates nothing for minutes once it was killed in its first seconds.
const scene = sceneOfFile({ env: { N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'false' } });

it(
	`loses no event in ${kills} kills`,
	async () => {
		const { stage } = scene;
		const rng = new Rng(Number(SEED));
		const workflows: TriggerWorkflow[] = [];
		for (const [index, mode] of ['polling', 'polling', 'polling', 'webhook', 'webhook'].entries()) {
			const workflow = await TriggerWorkflow.import(stage, {
				eventType: `${mode}.killed${index}`,
				parameters: { mode },
			});
			await workflow.activate();
			workflows.push(workflow);
		}
		const happened: string[] = [];
		await stage.stop();

		for (let kill = 0; kill < kills; kill += 1) {
			const names = Array.from({ length: EVENTS_PER_KILL }, (_, index) => `k${kill}e${index}`);
			happened.push(...names);
			// n8n is not there: no delivery arrives.
			for (const workflow of workflows) workflow.happen(...names);
			await stage.cobalt.delivered();
			const before = workflows.map((workflow) => workflow.logReads().length);
			const started = stage.start().catch(() => undefined);
			if (kill % 4 < 3) {
				// One of them has had its answer: each gets its turn, and the others are about to have theirs.
				const chosen = kill % workflows.length;
				const hasPolled = () => (workflows[chosen]?.logReads().length ?? 0) > (before[chosen] ?? 0);
				await until('n8n has looked after its start', hasPolled, 150);
				await sleep(rng.between(0, BAD_MOMENT_MS));
			} else await sleep(rng.between(0, ANY_MOMENT_MS));
			await stage.kill();
			await started;
		}

		await stage.start();
		const findings: string[] = [];
		let repeats = 0;
		for (const workflow of workflows) {
			const { eventType } = workflow;
			const lost = await eventually(
				`${eventType}: all is told`,
				async () => {
					const begun = new Set([...(await workflow.runs()).flat(), ...(await workflow.crashed())]);
					const missing = happened.filter((name) => !begun.has(name));
					return missing.length === 0 ? missing : undefined;
				},
				180,
			).catch(() => ['events']);
			if (lost.length > 0) findings.push(`${eventType}: lost ${lost.join()}`);
			const emitted = (await workflow.runs()).flat();
			repeats += emitted.length - new Set(emitted).size;
		}
		console.info(
			`${kills} kills, ${happened.length * workflows.length} events: ${findings.length} triggers lost some, ${repeats} events told again`,
		);
		expect(findings).toEqual([]);
		expect(repeats).toBe(0);
	},
	TIMEOUT_MS,
);
