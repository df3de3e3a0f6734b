import { CobaltApiError } from './cobaltApiError';

/** Whether Cobalt did not understand what it was asked. */
export function isRefused(error: unknown): boolean {
	if (!(error instanceof CobaltApiError) || error.isFromElsewhere) return false;
	return ['400', '422'].includes(error.httpCode ?? '');
}
