package repositories

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"time"

	"repository-store/nexus-stand-in/internal/schema"
)

// client returns the HTTP client for the remote of a proxy.
func (m *Manager) client(record Record) *http.Client {
	connection := record.Parts.Part("httpClient").Part("connection")
	timeout := 20 * time.Second
	if seconds := connection.Int("timeout"); seconds > 0 {
		timeout = time.Duration(seconds) * time.Second
	}
	transport := &http.Transport{
		DialContext:           (&net.Dialer{Timeout: timeout}).DialContext,
		TLSHandshakeTimeout:   timeout,
		ResponseHeaderTimeout: timeout,
		IdleConnTimeout:       30 * time.Second,
		MaxIdleConnsPerHost:   8,
		ForceAttemptHTTP2:     true,
		DisableCompression:    true,
		Proxy:                 m.outgoingProxy,
	}
	if connection.Bool("useTrustStore") {
		transport.TLSClientConfig = &tls.Config{RootCAs: m.trustedRoots()}
	}
	client := &http.Client{Transport: &remoteTransport{
		inner: transport, record: record, retries: int(connection.Int("retries")),
		agent: strings.TrimSpace(m.product + " " + connection.String("userAgentSuffix")),
	}}
	if connection.Bool("enableCookies") {
		client.Jar, _ = cookiejar.New(nil)
	}
	return client
}

func (m *Manager) trustedRoots() *x509.CertPool {
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	for _, certificate := range m.settings.Trusted() {
		roots.AddCert(certificate)
	}
	return roots
}

// outgoingProxy returns the HTTP proxy from the settings of the server.
func (m *Manager) outgoingProxy(request *http.Request) (*url.URL, error) {
	settings := m.settings.HTTP()
	if slices.Contains(settings.Strings("nonProxyHosts"), request.URL.Hostname()) {
		return nil, nil
	}
	part := settings.Part("httpProxy")
	if https := settings.Part("httpsProxy"); request.URL.Scheme == "https" && https.Bool("enabled") {
		part = https
	}
	if !part.Bool("enabled") {
		return nil, nil
	}
	proxy := &url.URL{Scheme: "http", Host: net.JoinHostPort(part.String("host"), part.String("port"))}
	if login := part.Part("authInfo"); login.Bool("enabled") {
		proxy.User = url.UserPassword(login.String("username"), login.String("password"))
	}
	return proxy, nil
}

// remoteTransport adds the User-Agent and credentials to requests to a remote, and retries after timeouts.
type remoteTransport struct {
	inner   http.RoundTripper
	record  Record
	retries int
	agent   string
}

func (t *remoteTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	request = request.Clone(request.Context())
	request.Header.Set("User-Agent", t.agent)
	t.authorize(request)
	response, err := t.inner.RoundTrip(request)
	for attempt := 0; attempt < t.retries && request.Body == nil && timedOut(err); attempt++ {
		response, err = t.inner.RoundTrip(request)
	}
	return response, err
}

func timedOut(err error) bool {
	timeout, ok := err.(net.Error)
	return ok && timeout.Timeout()
}

// authorize adds the credentials, but not to a redirect to another host.
func (t *remoteTransport) authorize(request *http.Request) {
	if t.record.IsDocker() {
		return // the docker handler logs in to registries itself
	}
	own, err := url.Parse(t.record.RemoteURL())
	if err != nil || !strings.EqualFold(own.Host, request.URL.Host) || request.Header.Get("Authorization") != "" {
		return
	}
	authentication := t.record.Parts.Part("httpClient").Part("authentication")
	setAuthorization(request, authentication)
}

func setAuthorization(request *http.Request, authentication schema.Values) {
	switch authentication.String("type") {
	case "username", "ntlm":
		request.SetBasicAuth(authentication.String("username"), authentication.String("password"))
	case "bearerToken":
		request.Header.Set("Authorization", "Bearer "+authentication.String("bearerToken"))
	}
}
