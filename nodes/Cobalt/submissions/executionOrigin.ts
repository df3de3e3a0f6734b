import { randomUUID } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

const CONTEXT_KEY = 'cobaltOrigin';

/**
 * Identifies an execution together with its retries.
 *
 * n8n saves when an execution was established, before anything else, and keeps that in its retries. If it could
 * not, the retry is established anew: then the node's own id counts, which n8n may have lost as well.
 *
 * @returns '' if nothing is known of the original
 */
export function originOf(context: IExecuteFunctions): string {
	const { establishedAt, source } = context.getExecutionContext() ?? {};
	if (establishedAt !== undefined && source !== 'retry') return String(establishedAt);
	const nodeContext = context.getContext('node');
	if (context.getMode() !== 'retry') nodeContext[CONTEXT_KEY] ??= randomUUID();
	return String(nodeContext[CONTEXT_KEY] ?? '');
}
