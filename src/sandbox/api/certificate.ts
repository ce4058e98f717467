import { generate } from 'selfsigned';

export interface Certificate {
  /** PEM of the certificate, which is its own authority. */
  readonly certificate: string;
  /** PEM of its private key. */
  readonly key: string;
}

/** A certificate for 127.0.0.1, and for the names, that clients trust by naming it as their authority. */
export async function createCertificate({
  names = ['localhost', 'kubernetes.default.svc'],
}: {
  readonly names?: readonly string[];
} = {}): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'kubefoundry-sandbox' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [{ type: 7, ip: '127.0.0.1' }, ...names.map((value) => ({ type: 2, value }) as const)],
      },
    ],
  });
  return { certificate: cert, key };
}
