package remote

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"time"

	provider "github.com/pulumi/pulumi-go-provider"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

const (
	defaultPort           = 22
	defaultUser           = "root"
	defaultDialErrorLimit = 10
	defaultPerDialTimeout = 15
	pauseBetweenDials     = 2 * time.Second
)

// Endpoint says how to reach one SSH server and how to sign in to it.
type Endpoint struct {
	Host               string   `pulumi:"host"`
	Port               *float64 `pulumi:"port,optional"`
	User               *string  `pulumi:"user,optional"`
	Password           *string  `pulumi:"password,optional" provider:"secret"`
	PrivateKey         *string  `pulumi:"privateKey,optional" provider:"secret"`
	PrivateKeyPassword *string  `pulumi:"privateKeyPassword,optional" provider:"secret"`
	AgentSocketPath    *string  `pulumi:"agentSocketPath,optional"`
	HostKey            *string  `pulumi:"hostKey,optional"`
	DialErrorLimit     *int     `pulumi:"dialErrorLimit,optional"`
	PerDialTimeout     *int     `pulumi:"perDialTimeout,optional"`
}

type Connection struct {
	Endpoint
	Proxy *Endpoint `pulumi:"proxy,optional"`
}

// dialer opens the TCP connection to a server: directly or through another one.
type dialer func(ctx context.Context, network, address string) (net.Conn, error)

func (connection Connection) dial(ctx context.Context) (*ssh.Client, error) {
	direct := (&net.Dialer{}).DialContext
	if connection.Proxy == nil {
		return connection.Endpoint.dial(ctx, direct)
	}
	bastion, err := connection.Proxy.dial(ctx, direct)
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	client, err := connection.Endpoint.dial(ctx, bastion.DialContext)
	if err != nil {
		bastion.Close()
		return nil, err
	}
	go func() {
		client.Wait()
		bastion.Close()
	}()
	return client, nil
}

// dial repeats failed attempts, as the host may be booting, but not when it answered and refused us.
func (endpoint Endpoint) dial(ctx context.Context, via dialer) (*ssh.Client, error) {
	config, err := endpoint.clientConfig()
	if err != nil {
		return nil, fmt.Errorf("connection to %s: %w", endpoint.Host, err)
	}
	limit := value(endpoint.DialErrorLimit, defaultDialErrorLimit)
	for attempt := 1; ; attempt++ {
		client, err := endpoint.attempt(ctx, via, config)
		if err == nil {
			return client, nil
		}
		if !mayRecover(err) || ctx.Err() != nil || (limit >= 0 && attempt >= limit) {
			return nil, fmt.Errorf("connect to %s@%s: %w (attempt %d)", config.User, endpoint.address(), err, attempt)
		}
		provider.GetLogger(ctx).InfoStatusf("%s does not answer yet (attempt %d)", endpoint.address(), attempt)
		select {
		case <-ctx.Done():
		case <-time.After(pauseBetweenDials):
		}
	}
}

// mayRecover tells a server that is not up yet from one that refused the key or the user.
func mayRecover(err error) bool {
	var network net.Error
	var throughProxy *ssh.OpenChannelError
	return errors.As(err, &network) || errors.As(err, &throughProxy) || errors.Is(err, io.EOF)
}

func (endpoint Endpoint) attempt(ctx context.Context, via dialer, config *ssh.ClientConfig) (*ssh.Client, error) {
	if config.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, config.Timeout)
		defer cancel()
	}
	conn, err := via(ctx, "tcp", endpoint.address())
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	client, channels, requests, err := ssh.NewClientConn(conn, endpoint.address(), config)
	if err != nil {
		conn.Close()
		return nil, err
	}
	return ssh.NewClient(client, channels, requests), nil
}

func (endpoint Endpoint) address() string {
	port := int(value(endpoint.Port, defaultPort))
	return net.JoinHostPort(endpoint.Host, strconv.Itoa(port))
}

func (endpoint Endpoint) clientConfig() (*ssh.ClientConfig, error) {
	check, algorithms, err := endpoint.hostKey()
	if err != nil {
		return nil, err
	}
	methods, err := endpoint.authMethods()
	if err != nil {
		return nil, err
	}
	return &ssh.ClientConfig{
		User:              cmp.Or(value(endpoint.User, defaultUser), defaultUser),
		Auth:              methods,
		HostKeyCallback:   check,
		HostKeyAlgorithms: algorithms,
		Timeout:           time.Duration(value(endpoint.PerDialTimeout, defaultPerDialTimeout)) * time.Second,
	}, nil
}

// hostKey is stricter than the published plugin, which trusts any server when no key is given.
func (endpoint Endpoint) hostKey() (ssh.HostKeyCallback, []string, error) {
	if endpoint.HostKey == nil {
		return nil, nil, fmt.Errorf("hostKey is not given; set it to a line of `ssh-keyscan %s` that you have verified", endpoint.Host)
	}
	key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(*endpoint.HostKey))
	if err != nil {
		_, _, key, _, _, err = ssh.ParseKnownHosts([]byte(*endpoint.HostKey))
	}
	if err != nil {
		return nil, nil, errors.New("hostKey is no SSH public key; allowed is one line such as `ssh-ed25519 AAAA...`")
	}
	algorithms := []string{key.Type()}
	if key.Type() == ssh.KeyAlgoRSA {
		algorithms = []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256}
	}
	return ssh.FixedHostKey(key), algorithms, nil
}

func (endpoint Endpoint) authMethods() ([]ssh.AuthMethod, error) {
	var methods []ssh.AuthMethod
	if endpoint.PrivateKey != nil {
		signer, err := endpoint.signer()
		if err != nil {
			return nil, err
		}
		methods = append(methods, ssh.PublicKeys(signer))
	}
	if endpoint.Password != nil {
		methods = append(methods, ssh.Password(*endpoint.Password), ssh.KeyboardInteractive(endpoint.answerWithPassword))
	}
	if socket := value(endpoint.AgentSocketPath, os.Getenv("SSH_AUTH_SOCK")); socket != "" {
		conn, err := net.Dial("unix", socket)
		if err != nil {
			return nil, fmt.Errorf("SSH agent: %w", err)
		}
		methods = append(methods, ssh.PublicKeysCallback(agent.NewClient(conn).Signers))
	}
	return methods, nil
}

func (endpoint Endpoint) signer() (ssh.Signer, error) {
	var signer ssh.Signer
	var err error
	if endpoint.PrivateKeyPassword != nil {
		signer, err = ssh.ParsePrivateKeyWithPassphrase([]byte(*endpoint.PrivateKey), []byte(*endpoint.PrivateKeyPassword))
	} else {
		signer, err = ssh.ParsePrivateKey([]byte(*endpoint.PrivateKey))
	}
	if err != nil {
		return nil, fmt.Errorf("privateKey: %w", err)
	}
	return signer, nil
}

func (endpoint Endpoint) answerWithPassword(_, _ string, questions []string, _ []bool) ([]string, error) {
	answers := make([]string, len(questions))
	for i := range questions {
		answers[i] = *endpoint.Password
	}
	return answers, nil
}

func value[T any](given *T, otherwise T) T {
	if given == nil {
		return otherwise
	}
	return *given
}
