/** 10,000 calls of an active webhook that Cobalt did not make like that. Each can be made again alone. */
import { inspect } from 'node:util';
import { expect, it } from 'vitest';

import type { LoggedRequest } from '../../../tools/fake-cobalt/index.mts';
import { callOf, originalOf, type Call, type Keys } from '../forgery/call.mts';
import { rememberedOf } from '../forgery/inside.mts';
import { keysOf } from '../forgery/scene.mts';
import { lines, send, together, type WebhookResponse } from '../forgery/send.mts';
import {
	callNumber,
	isOfN8n,
	mayBeOfN8n,
	nameOf,
	verdictOf,
	type Verdict,
} from '../forgery/verdict.mts';
import { changePatients, minutes, play, emittedIds, webhook, type Scene } from '../setup.mts';

/** Another seed makes other calls: `SEED=2 CALLS=50000 npx vitest run test/CobaltTrigger/webhook/forged.test.mts`. */
const SEED = Number(process.env.SEED ?? 1);
const CALLS = Number(process.env.CALLS ?? 10_000);
const ROUND = 500;
const AT_ONCE = 64;

const REFUSED =
	/^Cobalt: rejected a webhook delivery to the workflow '[\w -]+' \(ID [\w-]+, HTTP (400|401)\): [\w ]+$/;

interface Made {
	number: number;
	call: Call;
	verdict: Verdict;
	response: WebhookResponse;
}

/** Round by round, with and without time to think in between. */
async function makeCalls(scene: Scene, keys: Keys): Promise<Made[]> {
	const made: Made[] = [];
	const url = scene.host.url();
	const agent = lines();
	for (let from = 0; from < CALLS; from += ROUND) {
		const numbers = Array.from({ length: Math.min(ROUND, CALLS - from) }, (_, at) => from + at);
		await together(numbers, AT_ONCE, async (number) => {
			const call = callNumber(SEED, number, keys);
			const response = await send(url, call, agent);
			made.push({ number, call, response, verdict: verdictOf(call, keys.right) });
		});
		await minutes((from / ROUND) % 3 === 0 ? 2 : 0.3);
	}
	agent.destroy();
	await scene.host.settled();
	return made;
}

const statusOf = ({ text }: WebhookResponse): unknown =>
	(JSON.parse(text) as { status?: unknown }).status;

/** Whether a call was dealt with wrongly. */
function isWrong({ call, verdict, response }: Made): boolean {
	if (isOfN8n(response)) return !mayBeOfN8n(call, verdict, response);
	switch (verdict) {
		case 'lost':
			return ![401, 404].includes(response.status);
		case 'forged':
			return response.status !== 401;
		case 'no event':
			return response.status !== 400;
		case 'right':
			return response.status !== 200;
	}
}

/** What the node has made of the calls. */
function expectRightResponses(scene: Scene, made: Made[]): void {
	const wrong = made.filter(isWrong);
	expect(wrong.map(({ number, call, response }) => nameOf(SEED, number, call, response))).toEqual(
		[],
	);
	const accepted = made.filter(({ response }) => response.status === 200);
	expect(accepted.filter(({ verdict }) => verdict !== 'right')).toEqual([]);
	const starts = accepted.filter(({ response }) => statusOf(response) === 'accepted');
	expect(scene.host.executions.length).toBe(starts.length);
	const ids = emittedIds(scene);
	expect(new Set(ids).size).toBe(ids.length);
	expect(scene.host.failures).toEqual([]);
}

/** Of requests to Cobalt: nothing but the question for the secret, once a minute. */
function expectFewQuestions(asked: LoggedRequest[]): void {
	expect(new Set(asked.map(({ method, path }) => `${method} ${path}`))).toEqual(
		new Set(['GET /webhook']),
	);
	const pauses = asked.slice(1).map(({ at }, index) => at - (asked[index]?.at ?? 0));
	expect(Math.min(...pauses)).toBeGreaterThanOrEqual(60_000);
}

/** A line for each call that the node refused, and nothing in it, or in the answers, of what was sent. */
function expectDiscretion({ host }: Scene, made: Made[], keys: Keys): void {
	const warnings = host.log().filter(({ level }) => level === 'warn');
	expect(warnings.filter(({ message }) => !REFUSED.test(message))).toEqual([]);
	// To what is no JSON, n8n's own answer quotes it.
	const answered = made.filter(({ response }) => !isOfN8n(response));
	expect(warnings.length).toBe(answered.filter(({ response }) => response.status !== 200).length);
	const shown = [
		...host.log().map((line) => inspect(line)),
		...answered.map(({ response }) => response.text),
	];
	const text = [...new Set(shown)].join('\n');
	const secrets = [keys.right, ...keys.wrong.filter((key) => !key.startsWith('http'))];
	for (const secret of [...secrets, 'Ada', '555-0100', '44235', 'patient_name', 'Süd']) {
		expect(text).not.toContain(secret);
	}
	const sent = new Set(made.map(({ call }) => String(call.headers['cobalt-verification'])));
	expect((text.match(/[0-9a-f]{32,}/gi) ?? []).filter((digits) => sent.has(digits))).toEqual([]);
}

/** Cobalt goes on as if nothing had been, and who has heard it says the same again. */
async function expectNothingSpoilt(scene: Scene, keys: Keys): Promise<void> {
	const { host, cobalt } = scene;
	const before = host.executions.length;
	changePatients(scene, 'afterwards');
	await cobalt.delivered();
	await host.settled();
	expect(host.executions.length).toBe(before + 1);
	const agent = lines();
	const call = callOf('right', originalOf(SEED, CALLS, keys));
	const responses = [await send(host.url(), call, agent), await send(host.url(), call, agent)];
	agent.destroy();
	await host.settled();
	expect(responses.map(statusOf)).toEqual(['accepted', 'repeated']);
	expect(host.executions.length).toBe(before + 2);
}

/** It takes one on a quiet machine: nothing of it can be made virtual. */
const TEN_MINUTES_MS = 600_000;

it(
	`starts a run only for what Cobalt has signed, of ${CALLS} calls`,
	async () => {
		await play(async (scene) => {
			const { host, cobalt } = scene;
			const file = webhook();
			await host.activate(file);
			const keys = keysOf(scene);
			const before = cobalt.world.requests().length;
			const made = await makeCalls(scene, keys);
			expect(made.length).toBe(CALLS);
			// The mixture is one: each of these came often.
			const count = (verdict: Verdict) => made.filter((entry) => entry.verdict === verdict).length;
			expect(count('forged') / CALLS).toBeGreaterThan(0.6);
			expect(count('right') / CALLS).toBeGreaterThan(0.05);
			expectRightResponses(scene, made);
			expectFewQuestions(cobalt.world.requests().slice(before));
			expectDiscretion(scene, made, keys);
			expect(rememberedOf(file.nodes[0]?.id ?? '').secrets.at(Date.now())).toEqual([keys.right]);
			await expectNothingSpoilt(scene, keys);
			if (process.env.TELL) {
				const verdicts = ['forged', 'right', 'no event', 'lost'] as const;
				console.log(Object.fromEntries(verdicts.map((verdict) => [verdict, count(verdict)])));
				console.log(made.filter(({ response }) => isOfN8n(response)).length, 'answered by n8n');
				console.log(new Set(made.map(({ call }) => call.name)).size, 'kinds');
				console.log(
					host.executions.length,
					'runs',
					cobalt.world.requests().length - before,
					'asked',
				);
			}
		});
	},
	TEN_MINUTES_MS,
);
