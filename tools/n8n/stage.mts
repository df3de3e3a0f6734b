import { startCobalt, type Cobalt, type CobaltOptions } from '../fake-cobalt/index.mts';
import type { WorkflowFile } from '../n8n-host/workflowFile.mts';
import {
	createCobaltCredentials,
	createCredential,
	importWithCredentials,
	type Credentials,
} from './cobaltAccount.mts';
import { installCommunityPackage, listCommunityPackage } from './communityPackage.mts';
import type { Installation } from './installation.mts';
import { freePort } from './ports.mts';
import { N8nProcess, type N8nProcessOptions } from './process.mts';
import { Session, type StoredWorkflow } from './session.mts';
import { Surroundings } from './surroundings/index.mts';
import { temporaryFolder } from './temporaryFolder.mts';

export interface StageOptions {
	readonly installation: Installation;
	/** Where n8n listens. Default: any free port. */
	readonly port?: number;
	readonly cobalt?: CobaltOptions;
	/** More of n8n's environment variables. */
	readonly env?: Readonly<Record<string, string>>;
}

/**
 * A new n8n on SQLite with this package installed and its owner signed in, beside a fake Cobalt that
 * it has a credential for. Everything that it keeps is in a temporary folder.
 */
export class Stage {
	private constructor(
		/** How n8n is started, each time. */
		private readonly options: N8nProcessOptions,
		readonly cobalt: Cobalt,
		private n8n: N8nProcess,
		private signedIn: Session,
		private readonly credentials: Credentials,
		readonly surroundings: Surroundings,
		/** Ends everything, and removes what it has kept. */
		readonly close: () => Promise<void>,
	) {}

	/** What was started is ended again when something does not start. */
	static async open({ installation, port, cobalt: about, env }: StageOptions): Promise<Stage> {
		const userFolder = temporaryFolder('n8n-');
		const cobalt = await startCobalt({ loopbackWebhooks: true, ...about });
		const surroundings = await Surroundings.start();
		let stage: Stage | undefined;
		let n8n: N8nProcess | undefined;
		const close = async () => {
			await (stage?.n8n ?? n8n)?.kill();
			await cobalt.close();
			surroundings.close();
			userFolder.remove();
		};
		try {
			await installCommunityPackage(userFolder.path);
			const options = {
				installation,
				userFolder: userFolder.path,
				port: port ?? (await freePort()),
				env,
			};
			n8n = await N8nProcess.start(options);
			await listCommunityPackage(installation, userFolder.path);
			const session = await Session.open(n8n.url);
			const { mailServer } = surroundings;
			const credentials = {
				...(await createCobaltCredentials(session, cobalt)),
				...(await createCredential(session, 'smtp', 'SMTP account', mailServer.credential)),
			};
			stage = new Stage(options, cobalt, n8n, session, credentials, surroundings, close);
			return stage;
		} catch (error) {
			await close();
			throw error;
		}
	}

	get url(): string {
		return this.n8n.url;
	}

	get session(): Session {
		return this.signedIn;
	}

	/** What n8n has written to its log since it was installed. */
	get log(): string {
		return this.n8n.log;
	}

	/** Imports a workflow. Its nodes get the credentials of this n8n, and reach no system outside of it. */
	async import(file: WorkflowFile): Promise<StoredWorkflow> {
		const contained = JSON.parse(this.surroundings.redirect(JSON.stringify(file))) as WorkflowFile;
		return await importWithCredentials(this.session, this.credentials, contained);
	}

	/** Stops n8n in the ordinary way. */
	async stop(): Promise<void> {
		await this.n8n.stop();
	}

	/** Ends n8n as a power cut would. */
	async kill(): Promise<void> {
		await this.n8n.kill();
	}

	/** Starts the n8n that was stopped or killed, and signs in again. It can be killed before that is through. */
	async start(): Promise<void> {
		this.n8n = await N8nProcess.launch(this.options);
		await this.n8n.ready();
		this.signedIn = await Session.open(this.n8n.url);
	}
}
