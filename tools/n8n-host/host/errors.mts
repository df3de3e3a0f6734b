/** n8n's `ensureError`: wraps thrown values that are not errors. */
export function ensureError(thrown: unknown): Error {
	return thrown instanceof Error
		? thrown
		: new Error('Error that was not an instance of Error was thrown', { cause: thrown });
}
