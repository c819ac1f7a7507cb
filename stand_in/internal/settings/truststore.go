package settings

import (
	"crypto/sha1"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
)

// ErrNotPEM means that a text is not a PEM certificate.
var ErrNotPEM = errors.New("invalid PEM formatted certificate")

// ParseCertificate reads one certificate; the text must begin with it.
func ParseCertificate(text string) (*x509.Certificate, error) {
	if !strings.HasPrefix(strings.TrimSpace(text), "-----BEGIN") {
		return nil, ErrNotPEM
	}
	block, _ := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, ErrNotPEM
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, ErrNotPEM
	}
	return certificate, nil
}

// Fingerprint is the SHA-1 of a certificate, its id in the trust store.
func Fingerprint(certificate *x509.Certificate) string {
	sum := sha1.Sum(certificate.Raw)
	parts := make([]string, len(sum))
	for i, b := range sum {
		parts[i] = fmt.Sprintf("%02X", b)
	}
	return strings.Join(parts, ":")
}

// Trusted lists the certificates of the trust store.
func (s *Settings) Trusted() []*x509.Certificate {
	certificates := []*x509.Certificate{}
	for _, text := range s.trusted.All() {
		if certificate, err := ParseCertificate(text); err == nil {
			certificates = append(certificates, certificate)
		}
	}
	return certificates
}

// Trust adds a certificate; it returns false if the certificate is already trusted.
func (s *Settings) Trust(certificate *x509.Certificate) (bool, error) {
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw})
	return s.trusted.Insert(Fingerprint(certificate), string(text))
}

// Distrust removes a certificate and reports whether it was trusted.
func (s *Settings) Distrust(fingerprint string) (bool, error) { return s.trusted.Delete(fingerprint) }
