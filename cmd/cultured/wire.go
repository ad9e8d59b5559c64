package main

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	frameworkfiles "cultured/content/framework"
	workshopfiles "cultured/content/workshops"
	"cultured/internal/account"
	"cultured/internal/account/accountdb"
	"cultured/internal/account/accountweb"
	"cultured/internal/account/argon"
	"cultured/internal/actor"
	"cultured/internal/backup"
	"cultured/internal/blob"
	"cultured/internal/catalogue"
	"cultured/internal/catalogue/cataloguedb"
	"cultured/internal/catalogue/catalogueweb"
	"cultured/internal/cleaning"
	"cultured/internal/cleaning/cleaningdb"
	"cultured/internal/cleaning/cleaningweb"
	"cultured/internal/competency"
	"cultured/internal/competency/competencydb"
	"cultured/internal/competency/competencyweb"
	"cultured/internal/config"
	"cultured/internal/contact"
	"cultured/internal/contact/contactdb"
	"cultured/internal/contact/contactweb"
	"cultured/internal/dataset"
	"cultured/internal/dataset/datasetdb"
	"cultured/internal/dataset/datasetfile"
	"cultured/internal/dataset/datasetweb"
	"cultured/internal/db"
	"cultured/internal/duck"
	"cultured/internal/fault"
	"cultured/internal/fetch"
	"cultured/internal/filetype"
	"cultured/internal/form"
	"cultured/internal/form/formdb"
	"cultured/internal/form/formweb"
	"cultured/internal/grid"
	"cultured/internal/grid/griddb"
	"cultured/internal/grid/gridweb"
	"cultured/internal/i18n"
	"cultured/internal/job"
	"cultured/internal/learning"
	"cultured/internal/learning/learningdb"
	"cultured/internal/learning/learningweb"
	"cultured/internal/live"
	"cultured/internal/mail"
	"cultured/internal/mission"
	"cultured/internal/mission/missiondb"
	"cultured/internal/mission/missionweb"
	"cultured/internal/outbox"
	"cultured/internal/overview/overviewweb"
	"cultured/internal/privacy"
	"cultured/internal/privacy/privacyweb"
	"cultured/internal/recipe"
	"cultured/internal/recognition"
	"cultured/internal/recognition/recognitiondb"
	"cultured/internal/recognition/recognitionweb"
	"cultured/internal/register"
	"cultured/internal/register/registerdb"
	"cultured/internal/register/registerweb"
	"cultured/internal/rule"
	"cultured/internal/rule/ruledb"
	"cultured/internal/rule/ruleweb"
	"cultured/internal/schema"
	"cultured/internal/schema/schemaweb"
	"cultured/internal/situation"
	"cultured/internal/situation/situationdb"
	"cultured/internal/situation/situationweb"
	"cultured/internal/tabular"
	"cultured/internal/training"
	"cultured/internal/training/trainingdb"
	"cultured/internal/training/trainingweb"
	"cultured/internal/ui"
	"cultured/internal/web"
	"cultured/internal/workshop"
	"cultured/internal/workshop/workshopdb"
	"cultured/internal/workshop/workshopweb"
)

//go:embed text/*.json
var text embed.FS

// sentences loads the words of every package.
func sentences() (*i18n.Catalogue, error) {
	return i18n.Load(text, config.Text, web.Text, ui.Text, db.Text, blob.Text, duck.Messages, job.Text, mail.Text, fetch.Text, backup.Text, tabular.Text, filetype.Text,
		privacy.Text, privacyweb.Text, formweb.Text, account.Text, accountweb.Text, schema.Text, schemaweb.Text, recipe.Text, rule.Text, ruleweb.Text, dataset.Text, datasetweb.Text, cleaning.Text, cleaningweb.Text,
		catalogue.Text, catalogueweb.Text, competency.Texts, competencyweb.Text, workshop.Text, workshopweb.Text, situation.Text, situationweb.Text, mission.Text, missionweb.Text, form.Text, learning.Text, learningweb.Text, recognition.Text, recognitionweb.Text,
		training.Text, trainingweb.Text, overviewweb.Text, gridweb.Text, grid.Text, register.Text, registerweb.Text, contact.Text, contactweb.Text)
}

// migrations lists every room's tables, along the import arrows.
var migrations = []db.Migration{
	{Room: "outbox", Files: outbox.Migrations}, {Room: "job", Files: job.Migrations}, {Room: "account", Files: accountdb.Migrations},
	{Room: "dataset", Files: datasetdb.Migrations}, {Room: "catalogue", Files: cataloguedb.Migrations},
	{Room: "cleaning", Files: cleaningdb.Migrations},
	{Room: "rule", Files: ruledb.Migrations},
	{Room: "grid", Files: griddb.Migrations},
	{Room: "competency", Files: competencydb.Migrations},
	{Room: "workshop", Files: workshopdb.Migrations},
	{Room: "situation", Files: situationdb.Migrations},
	{Room: "mission", Files: missiondb.Migrations},
	{Room: "form", Files: formdb.Migrations},
	{Room: "learning", Files: learningdb.Migrations},
	{Room: "recognition", Files: recognitiondb.Migrations},
	{Room: "training", Files: trainingdb.Migrations},
	{Room: "register", Files: registerdb.Migrations},
	{Room: "contact", Files: contactdb.Migrations},
}

// A house is the whole program, put together.
type house struct {
	cfg         config.Config
	log         *slog.Logger
	words       *i18n.Catalogue
	db          *db.DB
	blobs       *blob.Disk
	duck        *duck.Engine
	queue       *job.Queue
	mails       *mail.Outbox // in development, else nil
	fetch       *fetch.Client
	queries     *queries
	schemas     *schema.Library
	pack        *schema.Pack // what the library serves
	account     *account.Service
	dataset     *dataset.Service
	cleaning    *cleaning.Service
	rule        *rule.Service
	grid        *grid.Service
	catalogue   *catalogue.Service
	competency  *competency.Service
	workshop    *workshop.Service
	situation   *situation.Service
	hub         *live.Hub
	mission     *mission.Service
	form        *form.Service
	learning    *learning.Service
	team        *learning.Team
	recognition *recognition.Service
	training    *training.Service
	register    *register.Service
	contact     *contact.Service
	framework   []byte // the competency framework every organisation starts with
	later       sync.WaitGroup
	open        atomic.Bool // the demonstration, if asked for, is complete
}

// ground opens what everything stands on: folder, database, files.
func ground(ctx context.Context, cfg config.Config, log *slog.Logger) (_ *house, err error) {
	h := &house{cfg: cfg, log: log}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, fault.New(fault.Invalid, "cultured.bad_data", cfg.Data).Because(err)
	}
	if h.words, err = sentences(); err != nil {
		return nil, err
	}
	if h.blobs, err = blob.OpenDisk(filepath.Join(cfg.Data, "files")); err != nil {
		return nil, fault.New(fault.Invalid, "cultured.bad_data", cfg.Data).Because(err)
	}
	if h.db, err = db.Open(ctx, cfg.DatabaseAddress()); err != nil {
		return nil, fault.New(fault.Invalid, "cultured.no_database", databaseName(cfg)).Because(err)
	}
	if err := h.db.Migrate(ctx, migrations...); err != nil {
		return nil, errors.Join(err, h.close(ctx))
	}
	return h, nil
}

// databaseName is the address of the database as it may be shown: without a password.
func databaseName(cfg config.Config) string {
	if u, err := url.Parse(cfg.Database); err == nil && cfg.Database != "" {
		return u.Redacted()
	} else if err != nil {
		return "--database"
	}
	return cfg.DatabaseAddress()
}

// furnish builds the rooms on the ground.
func (h *house) furnish(ctx context.Context) (err error) {
	if h.duck, err = duck.Open(duck.Settings{MemoryMB: h.cfg.DuckMemory, TempDir: h.blobs.TempDir(), Dirs: []string{filepath.Join(h.cfg.Data, "files")}}); err != nil {
		return err
	}
	if h.fetch, err = fetch.New(outgoing(h.cfg)); err != nil {
		return err
	}
	if h.schemas, err = library(h.cfg, h.fetch); err != nil {
		return err
	}
	h.pack = h.schemas.Pack
	driver, dsn := "sqlite", db.SQLiteDSN(h.cfg.DatabaseAddress())
	if h.db.Engine == db.Postgres {
		driver, dsn = "pgx", h.cfg.DatabaseAddress()
	}
	if h.queue, err = job.Open(ctx, job.Settings{Driver: driver, DSN: dsn, Log: h.log}); err != nil {
		return err
	}
	if err := h.openAccount(); err != nil {
		return err
	}
	if err := h.openDataset(); err != nil {
		return err
	}
	h.openRule()
	h.cleaning = &cleaning.Service{Drafts: &cleaningdb.Store{DB: h.db}, Book: &cleaningdb.Book{DB: h.db, Now: time.Now}, Data: h.dataset, Now: time.Now}
	records := &cataloguedb.Store{DB: h.db, Now: time.Now}
	h.catalogue = &catalogue.Service{Store: records, Watch: records, Desk: datasetDesk{h}, Now: time.Now}
	if h.framework, err = frameworkfiles.Files.ReadFile("framework.json"); err != nil {
		return err
	}
	h.competency = &competency.Service{Store: &competencydb.Store{DB: h.db, Now: time.Now}, Now: time.Now}
	if err := h.openWorkshop(); err != nil {
		return err
	}
	h.openSituation()
	h.openLearning()
	h.openRegister()
	if err := errors.Join(h.openContact(), h.openForm(), h.openMission(), h.openRecognition(), h.openTraining()); err != nil {
		return err
	}
	h.queue.Register(examineJob, job.Heavy, func(ctx context.Context, t job.Task) error {
		var id dataset.CheckID
		if err := t.Decode(&id); err != nil {
			return err
		}
		return h.dataset.Run(ctx, id, t.Progress)
	})
	h.queue.Register(fetchJob, job.Distant, func(ctx context.Context, t job.Task) error {
		var id dataset.CheckID
		if err := t.Decode(&id); err != nil {
			return err
		}
		return h.dataset.Fetch(ctx, id, t.Progress)
	})
	return nil
}

// The kinds of job that examine a file, and that fetch one before.
const (
	examineJob = "examine"
	fetchJob   = "fetch"
)

func (h *house) openAccount() error {
	sender, err := mail.Open(mail.Settings{URL: h.cfg.SMTP, From: h.cfg.MailFrom, Development: h.cfg.Dev})
	if err != nil {
		return err
	}
	h.mails, _ = sender.(*mail.Outbox)
	h.account = &account.Service{Stores: accountdb.Stores(h.db), Hasher: argon.New(), Now: time.Now, BaseURL: h.cfg.BaseURL, Words: accountweb.Words{Catalogue: h.words}, Later: h.do}
	if h.cfg.SMTP != "" || h.cfg.Dev {
		h.account.Post = post{sender}
	}
	return nil
}

func (h *house) openWorkshop() error {
	templates, err := workshop.LoadTemplates(workshopfiles.Files)
	if err != nil {
		return err
	}
	h.hub = live.New(h.log)
	store := &workshopdb.Store{DB: h.db}
	h.workshop = &workshop.Service{Sessions: store, Log: store, Templates: templates, KeepNames: h.cfg.KeepNames, Attended: attendances{h}, Frameworks: &frameworks{store: h.competency.Store, now: time.Now}, Now: time.Now, Wake: func(id workshop.ID) { h.hub.Wake(string(id)) }}
	return nil
}

func (h *house) openDataset() error {
	hiding, err := secret(h.cfg)
	if err != nil {
		return err
	}
	enqueue := func(kind string) func(context.Context, *sql.Tx, dataset.CheckID) (string, error) {
		return func(ctx context.Context, tx *sql.Tx, check dataset.CheckID) (string, error) {
			return h.queue.Enqueue(ctx, tx, kind, check)
		}
	}
	h.queries = newQueries(h.blobs.TempDir())
	store := &datasetdb.Store{DB: h.db, Now: time.Now, Enqueue: enqueue(examineJob), EnqueueFetch: enqueue(fetchJob)}
	shelf := &datasetfile.Shelf{Blobs: h.blobs, Duck: h.duck, Temp: h.blobs.TempDir(), Limit: h.cfg.UploadBytes}
	h.dataset = &dataset.Service{Checks: store, Packages: store, Datasets: datasetdb.Datasets{Store: store}, Graves: datasetdb.Datasets{Store: store}, Shelf: shelf, Tables: shelf,
		Subscriptions: datasetdb.Subscriptions{Store: store}, Fetcher: fetcher{h.fetch}, Mappings: datasetdb.Mappings{Store: store},
		Schema: h.schema, Pack: h.pack, Now: time.Now, Reader: h.reader(), Limits: h.limits(), KeepFor: h.cfg.KeepChecks, Room: h.cfg.VisitorBytes, ReadTime: h.cfg.ReadTime, Secret: hiding, Ask: h.queries.step,
		Shared: func(ctx context.Context, by actor.Actor, id dataset.ID) bool {
			return h.catalogue.Shared(ctx, by, string(id))
		},
		Public: func(ctx context.Context, id dataset.ID) bool { return h.publicPage(ctx, string(id)) != "" }}
	h.openGrid(shelf)
	return nil
}

func (h *house) limits() tabular.Limits {
	return tabular.Limits{Bytes: h.cfg.UploadBytes, Expanded: h.cfg.Expanded, Cells: h.cfg.Cells, Columns: h.cfg.Columns, CellBytes: h.cfg.CellBytes}
}

func (h *house) schema(ref string) (*schema.Schema, error) {
	entry, err := h.pack.Find(ref)
	if err != nil {
		return nil, err
	}
	s, _, err := entry.Schema()
	return &s, err
}

// site puts the rooms' pages together.
func (h *house) site(metrics *web.Metrics) (*web.Site, error) {
	if err := ui.Prepare(h.words); err != nil {
		return nil, err
	}
	site := &web.Site{Catalogue: h.words, Identify: h.account, Brand: h.brand, ShowError: ui.ShowError, Log: h.log, Now: time.Now, BaseURL: h.cfg.BaseURL, Metrics: metrics}
	accountweb.Routes(site, h.account, accountweb.Options{Overview: h.panels, Address: h.address, Service: h.servicePanels})
	datasetweb.Routes(site, datasetweb.Desk{Dataset: h.dataset, Jobs: jobs{h.queue}, Schemas: h.pack, Outgoing: h.fetch.Allowed(), Limit: h.cfg.UploadBytes, KeepFor: h.cfg.KeepChecks, Public: h.publicPage, Uses: h.datasetUses, Notices: h.datasetNotices, Sieve: h.sieve})
	privacyweb.Routes(site, privacyweb.Desk{Data: h.dataset, Tabs: datasetweb.Tabs, Dossier: h.dossier, Now: time.Now})
	gridweb.Routes(site, h.gridDesk())
	ruleweb.Routes(site, h.ruleDesk())
	cleaningweb.Routes(site, cleaningweb.Desk{Cleaning: h.cleaning, Tabs: datasetweb.Tabs, Datasets: h.dataset.List, Schemas: h.pack, Wait: jobs{h.queue}.pause})
	schemaweb.Routes(site, h.pack)
	catalogueweb.Routes(site, catalogueweb.Desk{Catalogue: h.catalogue, Data: h.dataset, Tabs: datasetweb.Tabs, Publisher: h.publisher, Others: datasetweb.OpenAPI, Sieve: h.sieve, Now: time.Now})
	competencyweb.Routes(site, competencyweb.Desk{Competency: h.competency, Reader: h.reader(), Names: h.account.Names, Now: time.Now})
	workshopweb.Routes(site, workshopweb.Desk{Workshop: h.workshop, Hub: h.hub, Address: h.address, Shelf: workshopShelf{h}, Names: h.account.Names})
	situationweb.Routes(site, situationweb.Desk{Situation: h.situation, Frameworks: h.competency.All, Report: h.workshopReport, Names: h.account.Names, Missions: h.situationMissions})
	formweb.Routes(site, h.formDesk())
	missionweb.Routes(site, h.missionDesk())
	learningweb.Routes(site, h.learningDesk())
	learningweb.TeamRoutes(site, h.teamDesk())
	recognitionweb.Routes(site, h.recognitionDesk())
	trainingweb.Routes(site, h.trainingDesk())
	registerweb.Routes(site, h.registerDesk())
	contactweb.Routes(site, h.contactDesk())
	overviewweb.Routes(site, overviewweb.Desk{Dataset: h.dataset, Catalogue: h.catalogue, Mission: h.missionDesk().Proposed, Alerts: h.register.Waiting, Ready: h.ready, Mails: h.sentMails(), Demo: h.cfg.Demo, Now: time.Now, Version: version,
		Accepted: datasetweb.Accepted(h.dataset), Limit: h.cfg.UploadBytes, KeepFor: h.cfg.KeepChecks})
	return site, nil
}

// do runs a task after the answer, and logs its failure.
func (h *house) do(op string, task func(ctx context.Context) error) {
	h.later.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := task(ctx); err != nil {
			h.log.Error("after the answer", "op", op, "err", err)
		}
	})
}

func (h *house) close(ctx context.Context) error {
	var errs []error
	if h.queue != nil {
		errs = append(errs, h.queue.Stop(ctx))
	}
	h.later.Wait()
	if h.duck != nil {
		errs = append(errs, h.duck.Close())
	}
	return errors.Join(append(errs, h.db.Close())...)
}
