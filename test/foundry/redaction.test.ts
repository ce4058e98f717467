import { expect, test } from 'vitest';
import { redact, redactText } from '../../src/foundry/redaction.ts';

const canaries = {
  'a JSON web token': 'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWJlcm5ldGVzIn0.c2lnbmF0dXJlLW9mLXRva2Vu',
  'a Hugging Face token': 'hf_AbCdEfGhIjKlMnOpQrStUvWxYz123456',
  'an OpenAI key': 'sk-proj-AbCdEfGhIjKlMnOpQrSt',
  'an NGC key': 'nvapi-AbCdEfGhIjKlMnOpQrSt',
  'a GitHub token': 'ghp_AbCdEfGhIjKlMnOpQrStUvWxYz123456',
  'an AWS key id': 'AKIAIOSFODNN7EXAMPLE',
  'a private key': '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----',
  'a certificate that was cut off': '-----BEGIN CERTIFICATE-----\nMIIEpAIBAAKCAQEA',
};

test.each(Object.entries(canaries))('%s does not leave, wherever it stands', (_, secret) => {
  const words = secret.split('\n').at(1) ?? secret;
  expect(redactText(`pulling failed: ${secret} was refused`)).not.toContain(words);
  const data = redact({ message: [`x ${secret}`], deep: { note: secret } });
  expect(JSON.stringify(data)).not.toContain(words.slice(0, 20));
});

test('a name that begins like a key stays', () => {
  expect(redactText('sk-learn-inference-server runs')).toBe('sk-learn-inference-server runs');
});

test('credentials in a URL and in an Authorization header are cut out, the rest stays', () => {
  expect(redactText('GET https://user:pa55@registry.example/v2 401')).toBe(
    'GET https://[redacted]@registry.example/v2 401',
  );
  expect(redactText('Authorization: Bearer abc.def-123456789 sent')).toBe('Authorization: [redacted] sent');
  expect(redactText('"authorization":"Basic dXNlcjpwYXNz"')).not.toContain('dXNlcjpwYXNz');
  expect(redactText('curl -H "bearer abcdefghijklmnop"')).not.toContain('abcdefghijklmnop');
  expect(redactText('password=hunter2&user=eva')).toBe('password=[redacted]&user=eva');
});

test.each([
  ['token: k8s-aws-v1.aHR0cHM6Ly9zdHM', 'token: [redacted]'],
  ['token: abcdef0123456789secret; more', 'token: [redacted]; more'],
  ['"token": "abcdef123456", "a": 1', '"token": "[redacted]", "a": 1'],
  [String.raw`{\"token\": \"abcdef123456\"}`, String.raw`{\"token\": \"[redacted]\"}`],
  ['helm list --kube-token=SECRETSECRET -A', 'helm list --kube-token=[redacted] -A'],
  ['values: {hfToken: abc123def456, a: 1}', 'values: {hfToken: [redacted], a: 1}'],
  ['refresh-token: abc', 'refresh-token: [redacted]'],
  ['X-Vault-Token: hvs.CAESIJ12345', 'X-Vault-Token: [redacted]'],
  ['secret=topsecret123', 'secret=[redacted]'],
  ['client-secret: abc', 'client-secret: [redacted]'],
  ['adminPassword: "p@ss word", user: eva', 'adminPassword: "[redacted]", user: eva'],
  ["password='a b'", "password='[redacted]'"],
  ['HF_TOKEN=abcdef python', 'HF_TOKEN=[redacted] python'],
  ['OPENAI_API_KEY=abcdef', 'OPENAI_API_KEY=[redacted]'],
  ['AWS_SECRET_ACCESS_KEY=abc', 'AWS_SECRET_ACCESS_KEY=[redacted]'],
  ['password=$ecret-Pass1', 'password=[redacted]'],
  ['password: $2y$10$abcdef', 'password: [redacted]'],
  ['api_key=$argon2id$v=19', 'api_key=[redacted]'],
  ['password=*aster-1234', 'password=[redacted]'],
  ['password=true-horse-battery', 'password=[redacted]'],
  ['api_key=null-island-77', 'api_key=[redacted]'],
  ['password: <b64>QUJD', 'password: [redacted]'],
  ['GET https://h/x?a=1&token=abc&b=2', 'GET https://h/x?a=1&token=[redacted]&b=2'],
  [
    'https://s3/x?X-Amz-Credential=me&X-Amz-Signature=abcdef',
    'https://s3/x?X-Amz-Credential=[redacted]&X-Amz-Signature=[redacted]',
  ],
  ['https://charts.corp/x?sig=TOPSIG', 'https://charts.corp/x?sig=[redacted]'],
])('what stands behind the name of a secret is cut out: %s', (text, safe) => {
  expect(redactText(`Error: ${text}`)).toBe(`Error: ${safe}`);
});

test.each([
  'token count: 5',
  'tokens: 151645, max_tokens=512, eos_token="<|im_end|>", time_per_output_token: 0.0123456789',
  'users[dev].user.token: Invalid input: expected string, received number',
  'users[dev].user.password: Invalid input: expected string',
  'tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token-1',
  'a token: what a user proves himself with',
  'hf_token: use hfTokenSecret, the name of a Secret',
  'hf_token=None, api_key=None',
  'unexpected token: } at line 12',
  '--hf-token-secret=hf-token --image-pull-secret=mine',
  'hfTokenSecret: hf-token-2, envFromSecret: "hf-token-2"',
  'kubectl create secret generic hf-token --from-literal=HF_TOKEN=<token>',
  'kubectl create secret docker-registry pull-secret --docker-username=<user> --docker-password=<token>',
  'export HF_TOKEN=$HF_TOKEN',
  'secret: not found',
  'MAX_TOKEN=128 EOS_TOKEN=151645',
  'password=*** api_key=null password=$(cat file)',
  'signature=abc',
])('what only speaks of secrets stays: %s', (text) => {
  expect(redactText(text)).toBe(text);
});

test('the data of a Secret and the values of secret variables go by structure, whatever they look like', () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', data: { a: 'aHVudGVyMg==' }, stringData: { b: 'hunter2' } };
  const pod = {
    env: [
      { name: 'DB_PASSWORD', value: 'hunter2' },
      { name: 'MODE', value: 'fast' },
    ],
    grafana: { adminPassword: 'hunter2', hfToken: 'hunter2', 'vault-token': 'hunter2' },
  };
  expect(JSON.stringify(redact([secret, pod]))).not.toMatch(/hunter2|aHVudGVyMg/);
  expect(redact(pod).env[1]).toEqual({ name: 'MODE', value: 'fast' });
});

test('the last applied manifest, which repeats everything, is left out', () => {
  const annotations = {
    'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"a":"hunter2"}}',
    model: 'Qwen/Qwen3-8B',
  };
  expect(redact({ annotations })).toEqual({ annotations: { model: 'Qwen/Qwen3-8B' } });
});

test('ordinary words stay as they are', () => {
  const data = {
    hfTokenSecret: 'hf-token',
    image: 'nvcr.io/nvidia/ai-dynamo/vllm-runtime:1.6.1',
    variable: 'HF_HUB_ENABLE_HF_TRANSFER, hf_transfer',
    email: 'eva@example.com',
    replicas: 2,
    endpoint: null,
    hint: 'Ask an administrator for this right; check it with: kubectl auth can-i list pods -n llm',
  };
  expect(redact(data)).toEqual(data);
});
