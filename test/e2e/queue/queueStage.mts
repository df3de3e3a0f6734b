import { join } from 'node:path';

import { startCobalt, type Cobalt } from '../../../tools/fake-cobalt/index.mts';
import type { WorkflowFile } from '../../../tools/n8n-host/workflowFile.mts';
import {
	createCobaltCredentials,
	importWithCredentials,
	type Credentials,
} from '../../../tools/n8n/cobaltAccount.mts';
import { installCommunityPackage } from '../../../tools/n8n/communityPackage.mts';
import type { Installation } from '../../../tools/n8n/installation.mts';
import { freePort } from '../../../tools/n8n/ports.mts';
import type { N8nCommand } from '../../../tools/n8n/process.mts';
import { eventually, Session } from '../../../tools/n8n/session.mts';
import { temporaryFolder } from '../../../tools/n8n/temporaryFolder.mts';
import { ActiveWorkflow } from './activeWorkflow.mts';
import { Member } from './member.mts';
import { startPostgres } from './postgres.mts';
import { startRedis } from './redis.mts';

/** How often workers look for the executions of workers that died. Default: 30 s. */
const CHECKS = { QUEUE_WORKER_STALLED_INTERVAL: '5000' };

/** How long a worker may be out of touch with Redis before its executions are taken for lost. Default: 60 s. */
const SHORT_LOCK = { QUEUE_WORKER_LOCK_DURATION: '10000', QUEUE_WORKER_LOCK_RENEW_TIME: '3000' };

/** The executions of the one are given up a minute after its death, those of the other after seconds. */
interface Workers {
	readonly patient: Member;
	readonly impatient: Member;
}

/**
 * An n8n in queue mode: main, a webhook process and two workers, each with a user folder of its own and
 * this package in it, on a PostgreSQL and a Redis of their own, beside a fake Cobalt.
 */
export class QueueStage {
	private constructor(
		readonly cobalt: Cobalt,
		readonly main: Member,
		readonly webhook: Member,
		readonly workers: Workers,
		private signedIn: Session,
		private readonly credentials: Credentials,
		readonly close: () => Promise<void>,
	) {}

	/** Starts everything. What was started is ended again when something does not start. */
	static async open(installation: Installation): Promise<QueueStage> {
		const folder = temporaryFolder('n8n-queue-');
		const endings: (() => Promise<void>)[] = [];
		const close = async () => {
			const ended = await Promise.allSettled(endings.map((end) => end()));
			folder.remove();
			for (const one of ended) if (one.status === 'rejected') throw one.reason;
		};
		try {
			const postgres = await startPostgres();
			endings.push(() => postgres.server.close());
			const redis = await startRedis();
			endings.push(() => redis.server.close());
			const cobalt = await startCobalt({ loopbackWebhooks: true });
			endings.push(() => cobalt.close());

			const webhookPort = await freePort();
			const env = {
				EXECUTIONS_MODE: 'queue',
				QUEUE_BULL_REDIS_HOST: '127.0.0.1',
				QUEUE_BULL_REDIS_PORT: String(redis.port),
				DB_TYPE: 'postgresdb',
				DB_POSTGRESDB_HOST: '127.0.0.1',
				DB_POSTGRESDB_PORT: String(postgres.port),
				DB_POSTGRESDB_DATABASE: 'postgres',
				DB_POSTGRESDB_USER: 'postgres',
				DB_POSTGRESDB_PASSWORD: '',
				WEBHOOK_URL: `http://127.0.0.1:${webhookPort}/`,
			};
			const member = async (name: string, command: N8nCommand, port: number, more = {}) => {
				const userFolder = join(folder.path, name);
				await installCommunityPackage(userFolder);
				const options = { installation, command, userFolder, port, env: { ...env, ...more } };
				const made = new Member(name, options);
				endings.push(() => made.kill());
				return made;
			};
			const main = await member('main', 'start', await freePort());
			const webhook = await member('webhook', 'webhook', webhookPort);
			const workers: Workers = {
				patient: await member('patient worker', 'worker', await freePort(), CHECKS),
				impatient: await member('impatient worker', 'worker', await freePort(), {
					...CHECKS,
					...SHORT_LOCK,
				}),
			};
			// Main makes the database.
			await main.start();
			const others = [webhook, workers.patient, workers.impatient];
			await Promise.all(others.map((one) => one.start()));
			const session = await Session.open(main.url);
			const credentials = await createCobaltCredentials(session, cobalt);
			return new QueueStage(cobalt, main, webhook, workers, session, credentials, close);
		} catch (error) {
			await close();
			throw error;
		}
	}

	get session(): Session {
		return this.signedIn;
	}

	/** Imports a workflow and activates it. */
	async activate(file: WorkflowFile): Promise<ActiveWorkflow> {
		const { id } = await importWithCredentials(this.session, this.credentials, file);
		await this.session.activate(id);
		return new ActiveWorkflow(this, id);
	}

	/** Starts main, after it was killed, and signs in again. */
	async startMain(): Promise<void> {
		await this.main.start();
		this.signedIn = await Session.open(this.main.url);
	}

	/** The process that has put an execution into the queue. */
	async enqueuerOf(executionId: string): Promise<Member> {
		return await this.whoSays(new RegExp(`Enqueued execution ${executionId} `));
	}

	/** The worker that runs an execution, or has run it. */
	async workerOf(executionId: string): Promise<Member> {
		return await this.whoSays(new RegExp(`Worker started execution ${executionId} `));
	}

	/** Resolves when a worker is through with an execution. */
	async letGoOf(executionId: string): Promise<void> {
		const words = `Worker (finished|errored while running) execution ${executionId} `;
		await this.whoSays(new RegExp(words));
	}

	private async whoSays(words: RegExp): Promise<Member> {
		const { patient, impatient } = this.workers;
		const members = [this.main, this.webhook, patient, impatient];
		const find = () => Promise.resolve(members.find(({ log }) => words.test(log)));
		return await eventually(`some process says: ${words.source}`, find);
	}
}
