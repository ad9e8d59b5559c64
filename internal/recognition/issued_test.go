package recognition

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// shelf keeps one key and the badges given, for one organisation: what the database does is proven there.
type shelf struct {
	keys  []Key
	given []Issued
	said  []Endorsement
}

func (s *shelf) Keys(context.Context, string) ([]Key, error) { return s.keys, nil }

func (s *shelf) Turn(_ context.Context, _ actor.Actor, next Key, _ string) error {
	s.keys = append([]Key{next}, s.keys...)
	return nil
}

func (s *shelf) Give(_ context.Context, _ actor.Actor, b Issued, _ string) error {
	s.given = append(s.given, b)
	return nil
}

func (s *shelf) Badge(_ context.Context, id string) (Issued, error) {
	for _, b := range s.given {
		if b.ID == id {
			return b, nil
		}
	}
	return Issued{}, fault.New(fault.NotFound, "recognition.no_badge")
}

func (s *shelf) List(context.Context, string, string) ([]Issued, error) { return s.given, nil }

func (s *shelf) Stand(_ context.Context, _ actor.Actor, _ string, fn func(*Issued) error) error {
	return fn(&s.given[0])
}

func (s *shelf) Taken(context.Context, string, int) (Revocations, int, error) {
	out := Revocations{}
	for _, b := range s.given {
		out[b.Place] = b.Standing
	}
	return out, len(s.given), nil
}

func (s *shelf) LastList(context.Context, string) (int, error) { return 1, nil }

func (s *shelf) Endorse(_ context.Context, _ actor.Actor, e Endorsement, _ int) error {
	s.said = append(s.said, e)
	return nil
}

func (s *shelf) Endorsements(context.Context, string) ([]Endorsement, error) { return s.said, nil }

func (s *shelf) Unsay(context.Context, actor.Actor, string, string) error { return nil }

// Each badge that ships, given in each language, is judged by software nobody here wrote; so are the lists.
func TestJudge_othersSayTheSameOfWhatIsGiven(t *testing.T) {
	kept := &shelf{}
	lang := ""
	s := &Service{Keys: kept, Badges: kept, Endorsements: kept, Offers: shipped(t), Secret: Secret("a secret of this test, long enough"), Base: "https://donnees.example", Next: Nothing{}, Now: func() time.Time { return begins },
		Name: func(context.Context, string) (string, string, error) {
			return "o", "Ville « d’Exemple » & Cie", nil
		},
		Items: func(context.Context, string, string) (map[string]Item, error) {
			return map[string]Item{"D4.1": {"Diagnostiquer", "/competences/1", "Culture D"}, "D9.4": {"Transmettre", "/competences/2", "Culture D"}}, nil
		},
		Holder: func(context.Context, string, string) (Holder, error) {
			return Holder{Person: "ada", Email: "Ada@valmoret.example"}, nil
		},
		ByEmail: func(context.Context, string, string) (Holder, error) { return Holder{Person: "ada", Lang: lang}, nil }}
	steward := actor.Actor{ID: "nadia", Organisation: "o", Name: "Nadia", Roles: []actor.Role{actor.Steward}}
	i, err := s.Issuer(t.Context(), "o")
	if err != nil {
		t.Fatal(err)
	}
	public, err := ReadMultikey(i.Keys[0].Public)
	if err != nil {
		t.Fatal(err)
	}
	method := i.ID() + "#" + i.Keys[0].Public
	documents := map[string]any{i.ID(): map[string]any{"@context": "https://www.w3.org/ns/did/v1", "id": i.ID(), "assertionMethod": []any{method}},
		method: map[string]any{"@context": "https://w3id.org/security/multikey/v1", "id": method, "type": "Multikey", "controller": i.ID(), "publicKeyMultibase": i.Keys[0].Public}}
	for address, d := range words().documents {
		documents[address] = d
	}
	jwk := map[string]any{"kty": "OKP", "crv": "Ed25519", "x": base64.RawURLEncoding.EncodeToString(public), "alg": "EdDSA"}
	var list []question
	for _, lang = range []string{"fr", "en"} {
		for _, o := range s.Offers {
			id, err := s.GiveSeen(t.Context(), steward, o.ID, Sight{Email: "ada@valmoret.example", Text: "A montré <tout> ce qu’il fallait, \"devant\" moi.", Link: "https://donnees.example/x?a=1&b=2"})
			if err != nil {
				t.Fatal(err)
			}
			b, err := kept.Badge(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			picture, err := o.Picture.PNG()
			if err == nil {
				picture, err = BakePNG(picture, b.Credential)
			}
			if err != nil {
				t.Fatal(err)
			}
			name, proof := o.ID+" "+lang, string(b.Credential)
			list = append(list, question{name: name, ok: true, Kind: "proof", Text: proof, Documents: documents},
				question{name: name + ", another holder", Kind: "proof", Text: strings.Replace(proof, `"identityHash":"sha256$`, `"identityHash":"sha256$0`, 1), Documents: documents},
				question{name: name, ok: true, Kind: "jwt", Text: b.Token, JWK: jwk},
				question{name: name, ok: true, Kind: "schema", Text: proof},
				question{name: name, ok: true, Kind: "png", Picture: picture, Text: proof})
		}
	}
	if err := s.Endorse(t.Context(), steward, kept.given[0].ID, "Je l’ai vue à l’œuvre, \"trois\" fois."); err != nil {
		t.Fatal(err)
	}
	said := string(kept.said[0].Credential)
	list = append(list, question{name: "an endorsement", ok: true, Kind: "proof", Text: said, Documents: documents},
		question{name: "an endorsement, changed", Kind: "proof", Text: strings.Replace(said, "trois", "mille", 1), Documents: documents})
	kept.given[0].Standing, kept.given[1].Standing = Withdrawn, Paused
	for _, reasons := range []bool{false, true} {
		raw, err := s.StatusList(t.Context(), "o", 1, reasons)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, question{name: "the status list", ok: true, Kind: "proof", Text: string(raw), Documents: documents})
	}
	judge(t, list)
}
