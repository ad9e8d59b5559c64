// Package catalogue is the room of metadata records. It decides what a record must say, what can be said for the
// person from the file itself, how good a record is (data.gouv.fr's nine criteria), who may publish it and when,
// how it is found (an in-memory index), and how harvesters read it (DCAT-AP 3.0.1).
//
// Words: a record is the DCAT metadata of one dataset; a resource is one file or address of it; a snapshot is what the
// public sees, and stays until another replaces it; the working copy is what the organisation edits meanwhile.
//
// Sources: DCAT-AP 3.0.1 (SEMICeu/DCAT-AP), the EU authority tables (publications.europa.eu/resource/authority),
// udata's quality score and update frequencies (opendatateam/udata, core/dataset), CRPA D323-2-1 for licences,
// implementing regulation (EU) 2023/138 for high-value datasets.
//
// Everything here is pure: no clock, no file, no network. Stores and pages live in cataloguedb and catalogueweb.
package catalogue
