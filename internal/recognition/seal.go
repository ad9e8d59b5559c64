package recognition

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"time"

	"cultured/internal/fault"
)

// A Key is one that an organisation signs or signed with, as it is kept. What it signed stays verifiable for ever: a key that
// signs no more is still published.
type Key struct {
	Organisation string
	Public       string // Multikey
	Sealed       []byte // the seed, encrypted by the server's secret
	Since        time.Time
	Until        time.Time // zero while it signs
}

// Signs says whether the key is the one in use.
func (k Key) Signs() bool { return k.Until.IsZero() }

// A Secret seals keys. It is not in the database: who has only a backup cannot sign.
type Secret []byte

// box makes the cipher that seals an organisation's keys.
func (s Secret) box() (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, s, nil, "culture-d recognition key", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// about ties a sealed seed to whose it is: moved into another row, it opens no more.
func (k Key) about() []byte { return []byte(k.Organisation + "\x00" + k.Public) }

// NewKey makes a key of an organisation, to sign from now on.
func (s Secret) NewKey(organisation string, now time.Time) (_ Key, err error) {
	defer fault.Wrap(&err, "recognition.NewKey")
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return Key{}, err
	}
	box, err := s.box()
	if err != nil {
		return Key{}, err
	}
	k := Key{Organisation: organisation, Public: Multikey(public), Since: now.UTC().Truncate(time.Second)}
	k.Sealed = box.Seal(nil, nil, private.Seed(), k.about())
	return k, nil
}

// Open takes the key out of its seal. Fault: Conflict "recognition.key_sealed" when the secret is another.
func (s Secret) Open(k Key) (_ ed25519.PrivateKey, err error) {
	defer fault.Wrap(&err, "recognition.Open")
	box, err := s.box()
	if err != nil {
		return nil, err
	}
	seed, err := box.Open(nil, nil, k.Sealed, k.about())
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, fault.New(fault.Conflict, "recognition.key_sealed").Because(err)
	}
	private := ed25519.NewKeyFromSeed(seed)
	if public, ok := private.Public().(ed25519.PublicKey); !ok || Multikey(public) != k.Public {
		return nil, fault.New(fault.Conflict, "recognition.key_sealed")
	}
	return private, nil
}
