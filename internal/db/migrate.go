package db

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

// A Migration is the append-only SQL of one room, in a folder "migrations" of its file system, the same for both engines.
// Rooms are migrated in the order given, along the import arrows, so that foreign keys find their table.
type Migration struct {
	Room  string
	Files fs.FS
}

// Migrate brings every room's tables up to date. Each room counts its own versions in goose_<room>.
func (d *DB) Migrate(ctx context.Context, rooms ...Migration) error {
	for _, room := range rooms {
		dir, err := fs.Sub(room.Files, "migrations")
		if err != nil {
			return fmt.Errorf("db.Migrate(%s): %w", room.Room, err)
		}
		dialect := goose.DialectSQLite3
		if d.Engine == Postgres {
			dialect = goose.DialectPostgres
		}
		store, err := database.NewStore(dialect, "goose_"+room.Room)
		if err != nil {
			return fmt.Errorf("db.Migrate(%s): %w", room.Room, err)
		}
		p, err := goose.NewProvider("", d.DB, dir, goose.WithStore(store), goose.WithDisableGlobalRegistry(true))
		if err != nil {
			return fmt.Errorf("db.Migrate(%s): %w", room.Room, err)
		}
		if _, err := p.Up(ctx); err != nil {
			return fmt.Errorf("db.Migrate(%s): %w", room.Room, err)
		}
	}
	return nil
}
