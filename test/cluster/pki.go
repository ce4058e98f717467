package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// authority signs certificates; the zero value signs itself.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// writePKI writes keys and certificates that are good for a day of tests: NAME.crt and NAME.key for each name below,
// and the key pair of service account tokens as service-accounts.key and service-accounts.pub.
func writePKI(directory string) error {
	ca, err := issue(directory, "ca", authority{}, signing("control-plane-ca"))
	if err != nil {
		return err
	}
	// Headers that name a user are believed from this authority alone, so it must not be the one of client certificates.
	frontProxyCA, err := issue(directory, "front-proxy-ca", authority{}, signing("control-plane-front-proxy-ca"))
	if err != nil {
		return err
	}
	for _, leaf := range []struct {
		name     string
		signer   authority
		template x509.Certificate
	}{
		{"kube-apiserver", ca, serving("kube-apiserver")},
		{"kubelet-client", ca, client("kube-apiserver-kubelet-client", "system:masters")},
		{"admin", ca, client("admin", "system:masters")},
		{"front-proxy-client", frontProxyCA, client("front-proxy-client")},
	} {
		if _, err := issue(directory, leaf.name, leaf.signer, leaf.template); err != nil {
			return err
		}
	}
	return writeServiceAccountKeys(directory)
}

func signing(name string) x509.Certificate {
	return x509.Certificate{
		Subject:  pkix.Name{CommonName: name},
		IsCA:     true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
}

func client(user string, groups ...string) x509.Certificate {
	return x509.Certificate{
		Subject:     pkix.Name{CommonName: user, Organization: groups},
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
}

func serving(name string) x509.Certificate {
	return x509.Certificate{
		Subject:     pkix.Name{CommonName: name},
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames:    []string{"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv4(10, 96, 0, 1)},
	}
}

func issue(directory, name string, signer authority, template x509.Certificate) (authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return authority{}, err
	}
	if template.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127)); err != nil {
		return authority{}, err
	}
	template.BasicConstraintsValid = true
	template.NotBefore = time.Now().Add(-time.Hour)
	template.NotAfter = time.Now().Add(24 * time.Hour)
	if signer.key == nil {
		signer = authority{&template, key}
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, signer.certificate, &key.PublicKey, signer.key)
	if err != nil {
		return authority{}, err
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return authority{}, err
	}
	if err := writePEM(directory, name+".crt", "CERTIFICATE", der); err != nil {
		return authority{}, err
	}
	return authority{certificate, key}, writeKey(directory, name+".key", key)
}

func writeServiceAccountKeys(directory string) error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return err
	}
	if err := writePEM(directory, "service-accounts.pub", "PUBLIC KEY", der); err != nil {
		return err
	}
	return writeKey(directory, "service-accounts.key", key)
}

func writeKey(directory, file string, key *ecdsa.PrivateKey) error {
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	return writePEM(directory, file, "EC PRIVATE KEY", der)
}

func writePEM(directory, file, kind string, der []byte) error {
	content := pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
	return os.WriteFile(filepath.Join(directory, file), content, 0o600)
}
