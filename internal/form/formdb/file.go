package formdb

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/form"
)

const fileColumns = `SELECT id, form, answer, nonce, block, name, media, bytes, hash, at FROM form_file `

func scanFile(row func(...any) error) (a form.Attachment, err error) {
	var at string
	err = row(&a.ID, &a.Form, &a.Answer, &a.Nonce, &a.Block, &a.Name, &a.Media, &a.Bytes, &a.Hash, &at)
	a.At = db.Time(at)
	return a, err
}

// Hold implements [form.Files].
func (s *Store) Hold(ctx context.Context, a form.Attachment) (err error) {
	defer fault.Wrap(&err, "formdb.Hold(%s)", a.Form)
	_, err = s.DB.ExecContext(ctx, `INSERT INTO form_file (id, form, answer, nonce, block, name, media, bytes, hash, at, loose)
VALUES ($1, $2, '', $3, $4, $5, $6, $7, $8, $9, 0)`, a.ID, a.Form, a.Nonce, a.Block, a.Name, a.Media, a.Bytes, a.Hash, db.Stamp(a.At))
	return err
}

// Held implements [form.Files].
func (s *Store) Held(ctx context.Context, of form.ID, nonce string) (_ []form.Attachment, err error) {
	defer fault.Wrap(&err, "formdb.Held(%s)", of)
	return db.Rows(ctx, s.DB, scanFile, fileColumns+`WHERE form = $1 AND nonce = $2 AND loose = 0 ORDER BY at, id`, of, nonce)
}

// Waiting implements [form.Files].
func (s *Store) Waiting(ctx context.Context, of form.ID) (bytes int64, err error) {
	defer fault.Wrap(&err, "formdb.Waiting(%s)", of)
	err = s.DB.QueryRowContext(ctx, `SELECT COALESCE(SUM(bytes), 0) FROM form_file WHERE form = $1 AND answer = ''`, of).Scan(&bytes)
	return bytes, err
}

// File implements [form.Files].
func (s *Store) File(ctx context.Context, organisation string, of form.ID, answer form.AnswerID, id string) (_ form.Attachment, err error) {
	defer fault.Wrap(&err, "formdb.File(%s)", of)
	a, err := scanFile(s.DB.QueryRowContext(ctx, fileColumns+`WHERE id = $1 AND form = $2 AND answer = $3 AND loose = 0
AND EXISTS (SELECT 1 FROM form_answer a WHERE a.form = $2 AND a.id = $3 AND a.organisation = $4)`, id, of, answer, organisation).Scan)
	if errors.Is(err, sql.ErrNoRows) || err == nil && a.Answer == "" {
		err = fault.New(fault.NotFound, "form.file_gone_now")
	}
	return a, err
}

// Loose implements [form.Files].
func (s *Store) Loose(ctx context.Context, before time.Time) (_ []form.Attachment, err error) {
	defer fault.Wrap(&err, "formdb.Loose")
	if _, err := s.DB.ExecContext(ctx, `UPDATE form_file SET loose = 1 WHERE answer = '' AND loose = 0 AND at <= $1`, db.Stamp(before)); err != nil {
		return nil, err
	}
	return db.Rows(ctx, s.DB, scanFile, fileColumns+`WHERE loose = 1 ORDER BY at, id`)
}

// Forget implements [form.Files].
func (s *Store) Forget(ctx context.Context, id string) (err error) {
	defer fault.Wrap(&err, "formdb.Forget")
	_, err = s.DB.ExecContext(ctx, `DELETE FROM form_file WHERE id = $1 AND loose = 1`, id)
	return err
}

// Names reports whether a file of the form room has the hash: the house's other rooms leave it alone.
func (s *Store) Names(ctx context.Context, hash string) (named bool, err error) {
	defer fault.Wrap(&err, "formdb.Names")
	err = s.DB.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM form_file WHERE hash = $1)`, hash).Scan(&named)
	return named, err
}

// attach gives an answer its files, all of them or none: one that is no longer there refuses the answer.
func attach(ctx context.Context, tx *sql.Tx, a form.Answer, nonce string, files []form.Attachment) error {
	for _, f := range files {
		res, err := tx.ExecContext(ctx, `UPDATE form_file SET answer = $1 WHERE id = $2 AND form = $3 AND nonce = $4 AND answer = '' AND loose = 0`, a.ID, f.ID, a.Form, nonce)
		if err := db.Touched(res, err, fault.New(fault.Conflict, "form.file_gone_now")); err != nil {
			return err
		}
	}
	return nil
}

// loosen takes the files of an answer, or those of some of its blocks, out of reach; their bytes go with the next sweep.
func loosen(ctx context.Context, tx *sql.Tx, of form.ID, id form.AnswerID, blocks []string) error {
	args := []any{of, id}
	within := ""
	if blocks != nil {
		for _, b := range slices.Sorted(slices.Values(blocks)) {
			args = append(args, b)
		}
		within = ` AND block IN (` + db.In(3, len(blocks)) + `)`
	}
	_, err := tx.ExecContext(ctx, `UPDATE form_file SET loose = 1 WHERE form = $1 AND answer = $2`+within, args...)
	return err
}
