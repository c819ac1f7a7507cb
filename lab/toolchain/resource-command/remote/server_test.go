package remote

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"strconv"
	"testing"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

const testPassword = "correct horse"

// server is an SSH server on loopback: it echoes commands, knows exit status 3, SFTP and forwarding.
type server struct {
	hostKey ssh.PublicKey
	port    float64
	config  *ssh.ServerConfig
}

func startServer(t *testing.T) *server {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	config := &ssh.ServerConfig{PasswordCallback: func(_ ssh.ConnMetadata, password []byte) (*ssh.Permissions, error) {
		if string(password) != testPassword {
			return nil, errors.New("wrong password")
		}
		return nil, nil
	}}
	config.AddHostKey(signer)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	s := &server{hostKey: signer.PublicKey(), port: float64(listener.Addr().(*net.TCPAddr).Port), config: config}
	go s.serve(listener)
	return s
}

func (s *server) endpoint() Endpoint {
	password, hostKey, once := testPassword, string(ssh.MarshalAuthorizedKey(s.hostKey)), 1
	return Endpoint{Host: "127.0.0.1", Port: &s.port, Password: &password, HostKey: &hostKey, DialErrorLimit: &once}
}

func (s *server) serve(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			_, channels, requests, err := ssh.NewServerConn(conn, s.config)
			if err != nil {
				return
			}
			go ssh.DiscardRequests(requests)
			for channel := range channels {
				go open(channel)
			}
		}()
	}
}

func open(request ssh.NewChannel) {
	if request.ChannelType() == "direct-tcpip" {
		forward(request)
		return
	}
	channel, requests, err := request.Accept()
	if err != nil {
		return
	}
	for request := range requests {
		switch request.Type {
		case "env":
			request.Reply(false, nil)
		case "subsystem":
			request.Reply(true, nil)
			if files, err := sftp.NewServer(channel); err == nil {
				files.Serve()
			}
			channel.Close()
		case "exec":
			request.Reply(true, nil)
			execute(channel, request.Payload)
		}
	}
}

func execute(channel ssh.Channel, payload []byte) {
	var command struct{ Text string }
	ssh.Unmarshal(payload, &command)
	stdin, _ := io.ReadAll(channel)
	io.WriteString(channel, command.Text+" "+string(stdin))
	status := uint32(0)
	if command.Text == "fail" {
		io.WriteString(channel.Stderr(), "it broke\n")
		status = 3
	}
	channel.SendRequest("exit-status", false, ssh.Marshal(struct{ Status uint32 }{status}))
	channel.Close()
}

func forward(request ssh.NewChannel) {
	var target struct {
		Host       string
		Port       uint32
		Originator string
		From       uint32
	}
	ssh.Unmarshal(request.ExtraData(), &target)
	conn, err := net.Dial("tcp", net.JoinHostPort(target.Host, strconv.Itoa(int(target.Port))))
	if err != nil {
		request.Reject(ssh.ConnectionFailed, err.Error())
		return
	}
	channel, requests, err := request.Accept()
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	go func() {
		io.Copy(conn, channel)
		conn.Close()
	}()
	io.Copy(channel, conn)
	channel.Close()
}
