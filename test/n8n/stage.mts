import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startCobalt, type Cobalt, type CobaltOptions } from '../cobalt/index.mts';
import type { WorkflowFile } from '../engine/workflowFile.mts';
import { installCommunityPackage, listCommunityPackage } from './communityPackage.mts';
import type { Installation } from './installation.mts';
import { N8nProcess } from './process.mts';
import { freePort } from './ports.mts';
import { Session, type StoredWorkflow } from './session.mts';

export interface StageOptions {
	readonly installation: Installation;
	/** Where n8n listens. Default: any free port. */
	readonly port?: number;
	/** More of n8n's environment variables. */
	readonly env?: Readonly<Record<string, string>>;
	readonly cobalt?: CobaltOptions;
}

/**
 * A new n8n on SQLite with this package installed and its owner signed in, beside a stand-in Cobalt that
 * it has a credential for. Everything that it keeps is in a temporary folder.
 */
export class Stage {
	private constructor(
		private readonly options: StageOptions,
		readonly userFolder: string,
		readonly port: number,
		readonly cobalt: Cobalt,
		private n8n: N8nProcess,
		private signedIn: Session,
		readonly credentialId: string,
	) {}

	static async open(options: StageOptions): Promise<Stage> {
		const { installation, env } = options;
		const userFolder = mkdtempSync(join(tmpdir(), 'n8n-'));
		const port = options.port ?? (await freePort());
		const cobalt = await startCobalt({ loopbackWebhooks: true, ...options.cobalt });
		await installCommunityPackage(userFolder);
		const n8n = await N8nProcess.start({ installation, userFolder, port, env });
		await listCommunityPackage(installation, userFolder);
		const session = await Session.open(n8n.url);
		const credentialId = await session.createCredential('Cobalt account', 'cobaltApi', {
			...cobalt.keys,
			baseUrl: cobalt.url,
		});
		return new Stage(options, userFolder, port, cobalt, n8n, session, credentialId);
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

	/** Imports a workflow. Its Cobalt nodes get the credential of this n8n. */
	async import(file: WorkflowFile): Promise<StoredWorkflow> {
		const cobaltApi = { id: this.credentialId, name: 'Cobalt account' };
		const nodes = file.nodes.map((node) =>
			node.type.startsWith('n8n-nodes-cobalt.') ? { ...node, credentials: { cobaltApi } } : node,
		);
		return await this.session.createWorkflow({ ...file, nodes });
	}

	/** Stops n8n in the ordinary way. */
	async stop(): Promise<void> {
		await this.n8n.stop();
	}

	/** Ends n8n as a power cut would. */
	async kill(): Promise<void> {
		await this.n8n.kill();
	}

	/** Starts the n8n that was stopped or killed, and signs in again. */
	async start(): Promise<void> {
		const { installation, env } = this.options;
		const { userFolder, port } = this;
		this.n8n = await N8nProcess.start({ installation, userFolder, port, env });
		this.signedIn = await Session.open(this.n8n.url);
	}

	async close(): Promise<void> {
		await this.n8n.kill();
		await this.cobalt.close();
		rmSync(this.userFolder, { recursive: true, force: true });
	}
}
