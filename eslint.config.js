import tseslint from 'typescript-eslint';

const dataOrder = 'Data is ordered by compareValues (ir): code points, not UTF-16 or locale.';

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', 'data/**', 'coverage/**'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: "CallExpression[callee.property.name='localeCompare']", message: dataOrder },
        { selector: "CallExpression[callee.property.name='sort'][arguments.length=0]", message: dataOrder },
      ],
      eqeqeq: ['error', 'always'],
    },
  },
);
