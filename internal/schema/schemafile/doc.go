// Package schemafile keeps the schemas an instance updated, in the data folder: a folder for each edition, and a file
// that names the one in use. An edition is written whole before it is named, and the one before it stays.
package schemafile
