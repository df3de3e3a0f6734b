// The stock n8n config (eslint.config.mjs, which n8n does not let a package change) covers nodes/ and
// credentials/. Tests and tools are ordinary Node programs: they are held to typescript-eslint's
// strict, type-aware rules instead.
import tseslint from 'typescript-eslint';

export default tseslint.config({
	files: ['**/*.mts'],
	extends: [tseslint.configs.strictTypeChecked],
	languageOptions: {
		parserOptions: { project: './tsconfig.tools.json', tsconfigRootDir: import.meta.dirname },
	},
	rules: {
		'@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
	},
});
