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

test('the data of a Secret and the values of secret variables go by structure, whatever they look like', () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', data: { a: 'aHVudGVyMg==' }, stringData: { b: 'hunter2' } };
  const pod = {
    env: [
      { name: 'DB_PASSWORD', value: 'hunter2' },
      { name: 'MODE', value: 'fast' },
    ],
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
