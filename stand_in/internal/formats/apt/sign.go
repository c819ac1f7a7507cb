package apt

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/clearsign"
)

// sign returns the two kinds of signatures that apt reads: InRelease and Release.gpg.
func sign(signing map[string]any, text []byte) (inline, detached []byte, err error) {
	keypair, _ := signing["keypair"].(string)
	passphrase, _ := signing["passphrase"].(string)
	signer, err := unlock(keypair, passphrase)
	if err != nil {
		return nil, nil, err
	}
	var clear, apart bytes.Buffer
	writer, err := clearsign.Encode(&clear, signer.PrivateKey, nil)
	if err != nil {
		return nil, nil, err
	}
	if _, err := writer.Write(text); err != nil {
		return nil, nil, err
	}
	if err := writer.Close(); err != nil {
		return nil, nil, err
	}
	if err := openpgp.ArmoredDetachSign(&apart, signer, bytes.NewReader(text), nil); err != nil {
		return nil, nil, err
	}
	return clear.Bytes(), apart.Bytes(), nil
}

func unlock(keypair, passphrase string) (*openpgp.Entity, error) {
	keys, err := openpgp.ReadArmoredKeyRing(strings.NewReader(keypair))
	if err != nil {
		return nil, fmt.Errorf("the signing key cannot be read: %w", err)
	}
	if len(keys) == 0 || keys[0].PrivateKey == nil {
		return nil, errors.New("the signing key has no private part")
	}
	if !keys[0].PrivateKey.Encrypted {
		return keys[0], nil
	}
	if err := keys[0].PrivateKey.Decrypt([]byte(passphrase)); err != nil {
		return nil, errors.New("the passphrase does not open the signing key")
	}
	return keys[0], nil
}
