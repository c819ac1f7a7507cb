package rest

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net"
	"net/http"
	"strings"
	"time"

	"repository-store/nexus-stand-in/internal/problem"
	"repository-store/nexus-stand-in/internal/schema"
	"repository-store/nexus-stand-in/internal/settings"
)

func (a *API) trustStoreRoutes() {
	const path = "/security/ssl/truststore"
	a.on(route{method: "GET", path: path, need: may("ssl-truststore", "read")}, func(*call) (answer, error) {
		list := []map[string]any{}
		for _, certificate := range a.Settings.Trusted() {
			list = append(list, showCertificate(certificate))
		}
		return ok(list), nil
	})
	a.on(route{method: "POST", path: path, need: may("ssl-truststore", "create")}, a.trust)
	a.on(route{method: "DELETE", path: path + "/{id}", need: may("ssl-truststore", "delete")}, func(c *call) (answer, error) {
		removed, err := a.Settings.Distrust(c.param("id"))
		if err == nil && !removed {
			err = problem.NotFound("No certificate with alias '%s' in trust store.", c.param("id"))
		}
		return orDone(err)
	})
	a.on(route{method: "GET", path: "/security/ssl", need: may("ssl-truststore", "read")}, a.retrieveCertificate)
}

func (a *API) trust(c *call) (answer, error) {
	text, err := c.text()
	if err != nil {
		return answer{}, err
	}
	const invalid = "Invalid PEM formatted certificate"
	if strings.TrimSpace(text) == "" {
		return answer{}, problem.Violations{{ID: "PARAMETER arg0", Message: invalid}, {ID: "PARAMETER arg0", Message: "must not be blank"}}
	}
	certificate, err := settings.ParseCertificate(text)
	if err != nil {
		return answer{}, problem.Violations{schema.Violation{ID: "PARAMETER arg0", Message: invalid}}
	}
	added, err := a.Settings.Trust(certificate)
	if err == nil && !added {
		err = &problem.Message{Status: http.StatusConflict, Text: "A certificate already exists with the id: '" + settings.Fingerprint(certificate) + "'."}
	}
	return answer{status: http.StatusCreated, body: showCertificate(certificate)}, err
}

func showCertificate(certificate *x509.Certificate) map[string]any {
	first := func(values []string) any {
		if len(values) == 0 {
			return nil
		}
		return values[0]
	}
	text := func(value string) any {
		if value == "" {
			return nil
		}
		return value
	}
	id := settings.Fingerprint(certificate)
	subject, issuer := certificate.Subject, certificate.Issuer
	return map[string]any{
		"id": id, "fingerprint": id, "pem": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw})),
		"serialNumber": certificate.SerialNumber.String(),
		"issuedOn":     certificate.NotBefore.UnixMilli(), "expiresOn": certificate.NotAfter.UnixMilli(),
		"subjectCommonName": text(subject.CommonName), "subjectOrganization": first(subject.Organization), "subjectOrganizationalUnit": first(subject.OrganizationalUnit),
		"issuerCommonName": text(issuer.CommonName), "issuerOrganization": first(issuer.Organization), "issuerOrganizationalUnit": first(issuer.OrganizationalUnit),
	}
}

// retrieveCertificate returns the certificate of a server. It is not verified, since no data is sent.
func (a *API) retrieveCertificate(c *call) (answer, error) {
	host, port := c.query("host"), c.query("port")
	if host == "" {
		return answer{}, problem.Status(http.StatusBadRequest)
	}
	if hint := c.query("protocolHint"); hint != "" && hint != "https" {
		return answer{}, problem.Refuse("HTTP 400 Bad Request")
	}
	if port == "" {
		port = "443"
	}
	certificate := presented(net.JoinHostPort(host, port), host)
	if certificate == nil {
		return answer{}, problem.Refuse("Could not retrieve an SSL certificate from '%s:%s'", host, port)
	}
	return ok(showCertificate(certificate)), nil
}

// presented returns the certificate of a server; an untrusted one is taken from the error of the handshake.
func presented(address, host string) *x509.Certificate {
	connection, err := tls.DialWithDialer(&net.Dialer{Timeout: 10 * time.Second}, "tcp", address, &tls.Config{ServerName: host})
	if err == nil {
		defer connection.Close()
		return connection.ConnectionState().PeerCertificates[0]
	}
	if failed, ok := err.(*tls.CertificateVerificationError); ok && len(failed.UnverifiedCertificates) > 0 {
		return failed.UnverifiedCertificates[0]
	}
	return nil
}
