import axios from 'axios';
import type { INodeParameters } from 'n8n-workflow';

import type { Cobalt, LoggedRequest } from '../../../tools/fake-cobalt/index.mts';
import { clearProcessedData } from '../../../tools/n8n-host/deduplication.mts';
import { triggerWorkflow, type Host } from '../../../tools/n8n-host/host.mts';
import type { WorkflowFile } from '../../../tools/n8n-host/workflowFile.mts';
import { play as playScene } from '../setup.mts';
import { EventHistory } from './history.mts';
import type { Burst, Step } from './plan.mts';
import type { Scenario } from './scenario.mts';

const MINUTE_MS = 60_000;

/** After this many polls in a row without a new event, nothing more will come. */
const QUIET_POLLS = 4;

/** Ends a scenario that never becomes quiet. */
const MAX_POLLS = 400;

/** Events that are spread over time come in groups, this many seconds apart. */
const CHUNK_S = 4.3;

/** What came of a scenario. */
export interface Played {
	scenario: Scenario;
	history: EventHistory;
	/** When n8n began to activate the workflow for the first time, and when that was done. */
	activated: { from: number; to: number };
	startsFrom?: number;
	/** When the faults were over. */
	healedAt: number;
	failures: Array<{ message: string; at: number }>;
	/** How many characters the static data had at most. */
	largest: number;
	/** How many repeats left the trigger and were dropped because n8n's table of processed data has them. */
	heldBack: number;
	requests: number;
	minutes: number;
}

export async function play(scenario: Scenario): Promise<Played> {
	let player: Player | undefined;
	return await playScene(
		async ({ cobalt, host }) => {
			player = new Player(scenario, cobalt, host);
			return await player.play();
		},
		{
			now: scenario.begin,
			cobalt: { ...scenario.cobalt, onRequest: (request) => player?.onRequest(request) },
			host: { scheduler: scenario.scheduler, persistent: true },
		},
	);
}

class Player {
	private readonly history: EventHistory;
	private readonly polls: Array<Promise<void>> = [];
	private readonly steps: Step[];
	private shifts: Array<Step & { kind: 'shift' }> = [];
	private name = 'Trigger';
	private largest = 0;
	private minutes = 0;
	private isUp = true;
	private disturbances: Promise<void> = Promise.resolve();
	private activated = { from: Infinity, to: Infinity };
	private startsFrom?: number;
	private eventsPerRun: number;

	constructor(
		private readonly scenario: Scenario,
		private readonly cobalt: Cobalt,
		private readonly host: Host,
	) {
		const { cobalt: options, filter, seed, plan, eventsPerRun } = scenario;
		this.history = new EventHistory(cobalt, filter, seed, (options.clockSkewSeconds ?? 0) * 1000);
		this.steps = [...plan];
		this.eventsPerRun = eventsPerRun;
	}

	async play(): Promise<Played> {
		const { scenario, host, cobalt, history } = this;
		for (const burst of scenario.past) {
			for (let index = 0; index < burst.count; index += 1) {
				history.addEvent({ ...burst, lateSeconds: (burst.lateSeconds * index) / burst.count });
			}
		}
		if (scenario.hasNeighbour) await this.callCobalt('/webhook', NEIGHBOUR);
		if (scenario.isQueued) await host.webhookProcess();
		await sleep(1_000);
		await this.activate();
		await this.goThroughPlan();
		await this.disturbances;
		cobalt.faults.clear();
		const healedAt = Date.now();
		await this.waitForQuiet();
		await Promise.all(this.polls);
		await cobalt.delivered();
		this.update();
		return {
			scenario,
			history,
			activated: this.activated,
			...(this.startsFrom !== undefined && { startsFrom: this.startsFrom }),
			healedAt,
			failures: host.failures.map(({ error, at }) => ({
				message: error.message,
				at: at.getTime(),
			})),
			largest: this.largest,
			heldBack: heldBackIn(host),
			requests: cobalt.world.requests({ path: '/webhook-events' }).length,
			minutes: this.minutes,
		};
	}

	/** Changes the log while it is read. */
	onRequest({ path }: LoggedRequest): void {
		const [shift] = this.shifts;
		if (!shift || path !== '/webhook-events' || !this.isUp) return;
		const { maxLateSeconds } = this.scenario;
		for (let index = 0; index < shift.insert; index += 1) {
			this.history.addEvent({
				spreadSeconds: 0,
				lateSeconds: Math.min(maxLateSeconds, 2 + index * 7),
				copies: 1,
				aheadSeconds: 0,
			});
		}
		if (shift.forget > 0) this.forget(shift.forget);
		shift.times -= 1;
		if (shift.times <= 0) this.shifts.shift();
	}

	/** Removes events that were emitted or not asked for from the log, the oldest first. */
	private forget(count: number): void {
		const { cobalt, history, host } = this;
		history.update(host);
		const until = history.emittedUntil;
		const old = history.entries.map(({ createdAt }) => createdAt).filter((at) => at < until);
		const [place] = old.sort((one, other) => one - other).slice(count);
		if (place !== undefined) cobalt.world.forgetEvents(place);
	}

	private async activate(): Promise<void> {
		const { startsMinutesBefore } = this.scenario;
		const from = Date.now();
		if (startsMinutesBefore !== undefined) this.startsFrom = from - startsMinutesBefore * MINUTE_MS;
		await this.host.activate(this.file());
		this.activated = { from, to: Date.now() };
		this.update();
	}

	private file(): WorkflowFile {
		const { mode, filter, output, overlapMinutes } = this.scenario;
		const { types, source, clinics, changedFields } = filter;
		const parameters: INodeParameters = {
			mode,
			...(types ? { events: ['other'], otherEventTypes: types.join(', ') } : { events: ['all'] }),
			source,
			output,
			options: {
				overlap: overlapMinutes,
				eventsPerRun: this.eventsPerRun,
				...(clinics && { clinics: clinics.join(', ') }),
				...(changedFields && { changedFields: changedFields.join(',') }),
				...(this.startsFrom !== undefined && {
					startFrom: new Date(this.startsFrom).toISOString(),
				}),
			},
		};
		const text = JSON.stringify(triggerWorkflow(parameters));
		const file = JSON.parse(text.replaceAll('"Trigger"', `"${this.name}"`)) as WorkflowFile;
		for (const node of file.nodes) if (node.name === this.name) node.id = 'Trigger';
		return file;
	}

	/** Applies the steps at their times, with a poll each minute. */
	private async goThroughPlan(): Promise<void> {
		const begin = Date.now();
		let nextPoll = begin + MINUTE_MS;
		for (const step of this.steps) {
			const at = begin + step.at * 1000;
			for (; nextPoll <= at; nextPoll += MINUTE_MS) {
				await sleep(nextPoll - Date.now());
				this.poll();
			}
			await sleep(at - Date.now());
			this.apply(step);
		}
		await sleep(nextPoll - Date.now());
	}

	private poll(): void {
		this.minutes += 1;
		this.update();
		if (!this.isUp) return;
		// A crash may end it; what that means for events is checked at the end.
		this.polls.push(this.host.tick().catch(() => undefined));
	}

	private apply(step: Step): void {
		const { cobalt } = this;
		switch (step.kind) {
			case 'events':
				this.deliverChanges(step.burst);
				break;
			case 'shift':
				this.shifts.push({ ...step });
				break;
			case 'fault':
				cobalt.faults.add(step.fault);
				break;
			case 'delivery':
				cobalt.webhookSender.plan(step.plan);
				break;
			case 'emptyTable':
				clearProcessedData();
				break;
			case 'wipe':
				this.host.workerWritesStaticData();
				break;
			case 'rotate':
				this.disturbances = this.disturbances.then(async () => {
					await this.callCobalt('/webhook/rotate-secret');
				});
				break;
			default:
				this.disturbances = this.disturbances.then(async () => {
					await this.disturb(step);
				});
		}
	}

	private deliverChanges(burst: Burst): void {
		const { count, spreadSeconds } = burst;
		for (let index = 0; index < count; index += 1) {
			const deliverChanges = () => {
				this.history.addEvent(burst, burst.lateSeconds > 0);
			};
			// In groups: each distinct moment costs the virtual clock real time.
			const pause = Math.floor((spreadSeconds * index) / count / CHUNK_S) * CHUNK_S;
			if (pause > 0) setTimeout(deliverChanges, pause * 1000);
			else deliverChanges();
		}
	}

	private async disturb(step: Step): Promise<void> {
		const { host } = this;
		this.update();
		try {
			if (step.kind === 'rename') {
				this.name = this.name === 'Trigger' ? 'Renamed' : 'Trigger';
				await host.update(this.file());
			} else if (step.kind === 'change') {
				this.eventsPerRun = this.eventsPerRun === 1_000 ? 900 : 1_000;
				await host.update(this.file());
			} else if (step.kind === 'restart' || step.kind === 'crash') {
				// Right after the last start it would end an execution that n8n does not start again.
				await sleep(5_000);
				await host[step.kind](async () => {
					this.isUp = false;
					await sleep(step.forSeconds * 1000);
					this.isUp = true;
				});
			}
		} catch {
			await this.restartUntilActive();
		}
		this.update();
	}

	/** Restarts n8n until the workflow is active, where n8n itself has given up. */
	private async restartUntilActive(): Promise<void> {
		for (let attempt = 0; attempt < 20; attempt += 1) {
			await sleep(20_000);
			try {
				await this.host.restart();
				return;
			} catch {
				// The next attempt may succeed.
			}
		}
	}

	private async waitForQuiet(): Promise<void> {
		const { history } = this;
		let quiet = 0;
		let emitted = -1;
		for (let poll = 0; quiet < QUIET_POLLS && poll < MAX_POLLS; poll += 1) {
			await sleep(MINUTE_MS);
			this.poll();
			await this.polls.at(-1);
			this.update();
			const isOver = history.entries.every(({ listedAt }) => listedAt < Date.now());
			quiet = isOver && history.emitted.size === emitted && poll > 5 ? quiet + 1 : 0;
			emitted = history.emitted.size;
		}
	}

	private update(): void {
		this.history.update(this.host);
		this.largest = Math.max(this.largest, this.host.saved.length, this.host.cursors.length);
	}

	private async callCobalt(path: string, body: object = {}): Promise<void> {
		const { url, keys } = this.cobalt;
		await axios
			.post(`${url}/v1${path}`, body, {
				headers: { client_id: keys.clientId, client_secret: keys.clientSecret },
			})
			.catch(() => undefined);
	}
}

/** An address where nobody answers. */
const NEIGHBOUR = { webhook_url: 'https://hooks.example.com/other' };

function heldBackIn(host: Host): number {
	return host
		.log()
		.map(({ message }) => /^Cobalt: events left out because a run began.*: (\d+)$/.exec(message))
		.reduce((sum, found) => sum + Number(found?.[1] ?? 0), 0);
}

async function sleep(milliseconds: number): Promise<void> {
	if (milliseconds <= 0) return;
	await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
