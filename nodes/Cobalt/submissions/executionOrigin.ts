import { randomUUID } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';

const CONTEXT_KEY = 'cobaltOrigin';

/**
 * Identifies an execution together with its retries.
 *
 * Before anything else, n8n saves when an execution was established, and passes this on to its retries
 * (docs/api-notes.md, "What n8n does beyond our reach"). If that was not saved, a retry is established anew:
 * then the id that the node saved itself counts, which n8n may have lost as well.
 *
 * @returns '' if nothing is known about the original
 */
export function originOf(context: IExecuteFunctions): string {
	const { establishedAt, source } = context.getExecutionContext() ?? {};
	if (establishedAt !== undefined && source !== 'retry') return String(establishedAt);
	const nodeContext = context.getContext('node');
	if (context.getMode() !== 'retry') nodeContext[CONTEXT_KEY] ??= randomUUID();
	return String(nodeContext[CONTEXT_KEY] ?? '');
}
