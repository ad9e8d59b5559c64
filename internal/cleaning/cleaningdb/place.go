package cleaningdb

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"time"

	"cultured/internal/cleaning"
	"cultured/internal/db"
	"cultured/internal/fault"
)

// Places keeps what a service said of addresses, for each organisation, so that the same address is in the same place next month. Of an address
// that was asked its hash alone is kept; of one that was found, what the service wrote.
type Places struct {
	DB  *db.DB
	Now func() time.Time
}

// placeKey is what an address is kept under, of a service.
func placeKey(service, address string) string {
	sum := sha256.Sum256([]byte(service + "\x00" + address))
	return hex.EncodeToString(sum[:])
}

// placesAtOnce is how many are looked for in one statement.
const placesAtOnce = 200

// Known gives what a service said of some addresses, by address; those that were never asked are not in it.
func (s *Places) Known(ctx context.Context, organisation, service string, addresses []string) (_ map[string]cleaning.Place, err error) {
	defer fault.Wrap(&err, "cleaningdb.Known")
	out := map[string]cleaning.Place{}
	for len(addresses) > 0 {
		some := addresses[:min(placesAtOnce, len(addresses))]
		addresses = addresses[len(some):]
		of, args := map[string]string{}, []any{organisation}
		for _, a := range some {
			key := placeKey(service, a)
			of[key], args = a, append(args, key)
		}
		if err := s.look(ctx, of, args, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Places) look(ctx context.Context, of map[string]string, args []any, out map[string]cleaning.Place) error {
	rows, err := s.DB.QueryContext(ctx, `SELECT address, body FROM cleaning_place WHERE organisation = $1 AND address IN (`+db.In(2, len(args)-1)+`) ORDER BY address`, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // read to its end, or of no use
	for rows.Next() {
		var key, body string
		var p cleaning.Place
		if err := rows.Scan(&key, &body); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(body), &p); err != nil {
			return err
		}
		out[of[key]] = p
	}
	return rows.Err()
}

// Keep keeps what a service said. What was said first stays.
func (s *Places) Keep(ctx context.Context, organisation, service string, said map[string]cleaning.Place) (err error) {
	defer fault.Wrap(&err, "cleaningdb.Keep")
	now := db.Stamp(s.Now())
	return db.Change(ctx, s.DB, func(tx *sql.Tx) error {
		for address, p := range said {
			body, err := json.Marshal(p)
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO cleaning_place (organisation, address, body, found) VALUES ($1, $2, $3, $4)
				ON CONFLICT (organisation, address) DO NOTHING`, organisation, placeKey(service, address), string(body), now); err != nil {
				return err
			}
		}
		return nil
	})
}
